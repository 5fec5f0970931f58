package dev.demur.model.format.lora;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Weights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Finds out what an adapter does to each tensor of a base model. Every tensor of the adapter must
/// have its place.
final class LoraChanges {

  /// Where the same module goes by different names: checkpoints without the outermost module, and
  /// the language model inside a multimodal one.
  private static final List<UnaryOperator<String>> SPELLINGS =
      List.of(
          name -> name,
          name -> name.replaceFirst("^(model|transformer)\\.", ""),
          name -> "model." + name,
          name -> name.replaceFirst("^model\\.language_model\\.", "language_model.model."),
          name -> name.replaceFirst("^language_model\\.model\\.", "model.language_model."),
          name -> name.replaceFirst("^base_model\\.", ""));

  /// GPT-2's matrices, which transformers keeps as `[in, out]`.
  private static final Set<String> TRANSPOSED = Set.of("c_attn", "c_proj", "c_fc");

  private final LoraConfig config;
  private final Weights adapter;
  private final Set<String> base;
  private final boolean transposes;

  /// The tensors of one changed tensor, as they are found.
  private static final class Parts {
    Optional<String> replacement = Optional.empty();
    Optional<String> down = Optional.empty();
    Optional<String> up = Optional.empty();
    LoraChange.Layout layout = LoraChange.Layout.OUT_IN;
  }

  /// What is done to one tensor.
  ///
  /// @param module its module, as the adapter names it
  /// @param change what is done
  record Placed(String module, LoraChange change) {}

  private LoraChanges(LoraConfig config, Weights adapter, Set<String> base, String modelType) {
    this.config = config;
    this.adapter = adapter;
    this.base = base;
    this.transposes = modelType.equals("gpt2");
  }

  /// Changes by the name of the base model's tensor.
  ///
  /// @param base names of the tensors that can be changed
  /// @param modelType `model_type` of the base model
  /// @throws ModelFormatException if a tensor of the adapter has no place
  static Map<String, Placed> of(
      LoraConfig config, Weights adapter, Set<String> base, String modelType) throws IOException {
    return new LoraChanges(config, adapter, base, modelType).find();
  }

  private Map<String, Placed> find() throws IOException {
    var parts = new LinkedHashMap<String, Parts>();
    var modules = new LinkedHashMap<String, String>();
    for (String name : adapter.names()) {
      var tensor =
          LoraTensor.of(name).orElseThrow(() -> problem(name, "is not a part of a LoRA adapter"));
      requireMeant(name, tensor);
      String target = place(name, tensor);
      modules.putIfAbsent(target, tensor.module());
      put(parts.computeIfAbsent(target, _ -> new Parts()), name, tensor);
    }
    var changes = new LinkedHashMap<String, Placed>();
    for (var entry : parts.entrySet()) {
      String module = modules.getOrDefault(entry.getKey(), "");
      changes.put(entry.getKey(), new Placed(module, change(module, entry.getValue())));
    }
    if (changes.isEmpty()) {
      throw new ModelFormatException(config.file(), "its tensors are missing; fetch it again");
    }
    return changes;
  }

  /// What the configuration does not name, peft would leave out without a word.
  private void requireMeant(String name, LoraTensor tensor) throws ModelFormatException {
    String module = tensor.module();
    boolean meant =
        switch (tensor.part()) {
          case DOWN, UP, EMBEDDING_DOWN, EMBEDDING_UP -> config.targets().contain(module);
          case REPLACEMENT ->
              config.saves(module)
                  || (tensor.leaf().equals("bias") && !config.bias().equals("none"))
                  || (tensor.leaf().equals("weight") && config.targets().contain(module));
        };
    if (!meant) {
      throw problem(name, "is named by neither target_modules nor modules_to_save nor bias");
    }
  }

  private String place(String name, LoraTensor tensor) throws ModelFormatException {
    for (var spelling : SPELLINGS) {
      String candidate = spelling.apply(tensor.module()) + "." + tensor.leaf();
      if (base.contains(candidate)) {
        return candidate;
      }
    }
    throw problem(name, "has no place in the base model; the adapter belongs to another one");
  }

  private void put(Parts parts, String name, LoraTensor tensor) throws ModelFormatException {
    var before =
        switch (tensor.part()) {
          case DOWN, EMBEDDING_DOWN -> parts.down;
          case UP, EMBEDDING_UP -> parts.up;
          case REPLACEMENT -> parts.replacement;
        };
    if (before.isPresent()) {
      throw problem(name, "changes the same tensor as \"" + before.get() + "\"");
    }
    switch (tensor.part()) {
      case DOWN, EMBEDDING_DOWN -> parts.down = Optional.of(name);
      case UP, EMBEDDING_UP -> parts.up = Optional.of(name);
      case REPLACEMENT -> parts.replacement = Optional.of(name);
    }
    String leaf = tensor.module().substring(tensor.module().lastIndexOf('.') + 1);
    if (tensor.isEmbedding() || (transposes && TRANSPOSED.contains(leaf))) {
      parts.layout = LoraChange.Layout.IN_OUT;
    }
  }

  private LoraChange change(String module, Parts parts) throws ModelFormatException {
    if (parts.down.isEmpty() && parts.up.isEmpty()) {
      return new LoraChange(parts.replacement, Optional.empty());
    }
    if (parts.down.isEmpty() || parts.up.isEmpty()) {
      throw problem(
          parts.down.or(() -> parts.up).orElseThrow(), "has no counterpart, its lora_A or lora_B");
    }
    return new LoraChange(
        parts.replacement,
        Optional.of(
            new LoraChange.Product(
                parts.down.get(), parts.up.get(), config.factorOf(module), parts.layout)));
  }

  private ModelFormatException problem(String tensor, String what) {
    String shown = tensor.length() > 160 ? tensor.substring(0, 160) + "…" : tensor;
    return new ModelFormatException(
        config.file(), "tensor \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" " + what);
  }
}
