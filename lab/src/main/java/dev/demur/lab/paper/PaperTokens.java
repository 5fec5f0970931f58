package dev.demur.lab.paper;

import dev.demur.model.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/// The tokens that open refusals, as the paper sets them for five families.
///
/// Source: Arditi et al. 2024 (arXiv 2406.11717v3), table 4. Later models of a family that kept its
/// vocabulary have the same ids, which [#of] checks by what they read.
///
/// @param family as the paper calls it
/// @param type the beginning of `model_type`
/// @param ids the tokens
/// @param texts what each must read in the model's vocabulary
public record PaperTokens(String family, String type, List<Integer> ids, List<String> texts) {

  private static final List<PaperTokens> ALL =
      List.of(
          new PaperTokens("Qwen Chat", "qwen", List.of(40, 2121), List.of("I", "As")),
          new PaperTokens("Gemma It", "gemma", List.of(235285), List.of("I")),
          new PaperTokens("Yi Chat", "llama", List.of(59597), List.of("I")),
          new PaperTokens("Llama-2 Chat", "llama", List.of(306), List.of("I")),
          new PaperTokens("Llama-3 Instruct", "llama", List.of(40), List.of("I")));

  public PaperTokens {
    ids = List.copyOf(ids);
    texts = List.copyOf(texts);
  }

  /// The paper's tokens for a model.
  ///
  /// @param type its `model_type`
  /// @return empty where the paper names none, or the vocabulary is another
  public static Optional<PaperTokens> of(String type, Tokenizer tokenizer) {
    return ALL.stream()
        .filter(tokens -> type.startsWith(tokens.type) && tokens.read(tokenizer))
        .findFirst();
  }

  private boolean read(Tokenizer tokenizer) {
    for (int i = 0; i < ids.size(); i++) {
      int id = ids.get(i);
      if (id >= tokenizer.size() || !tokenizer.text(id).strip().equals(texts.get(i))) {
        return false;
      }
    }
    return true;
  }
}
