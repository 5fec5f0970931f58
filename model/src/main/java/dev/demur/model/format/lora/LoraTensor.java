package dev.demur.model.format.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one tensor of an adapter is, as its name says.
///
/// @param module the module it belongs to, as the base model names it
/// @param part its part in the change
/// @param leaf `weight` or `bias`
record LoraTensor(String module, Part part, String leaf) {

  /// The part a tensor plays.
  enum Part {
    /// A, `[rank, in]`.
    DOWN,
    /// B, `[out, rank]`.
    UP,
    /// A of an embedding, `[rank, d_vocab]`.
    EMBEDDING_DOWN,
    /// B of an embedding, `[d_model, rank]`.
    EMBEDDING_UP,
    /// Stands in place of the base model's tensor.
    REPLACEMENT
  }

  private record Ending(Pattern pattern, Part part) {}

  private static final String PREFIX = "base_model.model.";

  /// Files made from a whole state dict still have the adapter's usual name in each key.
  private static final List<Ending> ENDINGS =
      List.of(
          ending("\\.lora_A(?:\\.default)?\\.(weight)", Part.DOWN),
          ending("\\.lora_B(?:\\.default)?\\.(weight)", Part.UP),
          ending("\\.lora_embedding_A(?:\\.default)?()", Part.EMBEDDING_DOWN),
          ending("\\.lora_embedding_B(?:\\.default)?()", Part.EMBEDDING_UP),
          ending(
              "(?:\\.base_layer|\\.original_module|\\.modules_to_save(?:\\.default)?)?\\.(weight|bias)",
              Part.REPLACEMENT));

  private static Ending ending(String expression, Part part) {
    return new Ending(Pattern.compile(expression + "$"), part);
  }

  /// Reads a tensor's name; empty when it is none that LoRA has.
  static Optional<LoraTensor> of(String name) {
    if (!name.startsWith(PREFIX) || name.contains("lora_magnitude_vector")) {
      return Optional.empty();
    }
    String inner = name.substring(PREFIX.length());
    for (var ending : ENDINGS) {
      var matcher = ending.pattern().matcher(inner);
      if (matcher.find()) {
        String module = inner.substring(0, matcher.start());
        String leaf = matcher.group(1).isEmpty() ? "weight" : matcher.group(1);
        return module.isEmpty() || module.contains(".lora_")
            ? Optional.empty()
            : Optional.of(new LoraTensor(module, ending.part(), leaf));
      }
    }
    return Optional.empty();
  }

  /// Whether it changes a table that is looked up, and not a matrix that is multiplied.
  boolean isEmbedding() {
    return part == Part.EMBEDDING_DOWN || part == Part.EMBEDDING_UP;
  }
}
