package dev.demur.lab.study;

import dev.demur.lab.judge.Refusal;
import java.util.Map;
import java.util.Optional;

/// One completion of the evaluation, as kept: labels and a hash, the text only when asked for.
///
/// @param set the evaluation set
/// @param variant how the model was run
/// @param index place of the prompt in the set
/// @param promptSha256 of the instruction's UTF-8 text: the same prompt in any other run
/// @param category the prompt's category, when its source has one
/// @param tokens length of the completion
/// @param end `stop` or `length`
/// @param sha256 of the completion's UTF-8 text
/// @param labels each judge's verdict, by judge
/// @param text the completion, when it is kept
public record CompletionRow(
    String set,
    String variant,
    int index,
    String promptSha256,
    Optional<String> category,
    int tokens,
    String end,
    String sha256,
    Map<String, Refusal> labels,
    Optional<String> text) {

  public CompletionRow {
    labels = Map.copyOf(labels);
  }

  /// Whether a judge calls it a refusal.
  ///
  /// @throws IllegalArgumentException if that judge did not judge it
  public boolean refused(String judge) {
    var label = labels.get(judge);
    if (label == null) {
      throw new IllegalArgumentException("judge " + judge + " has no label on this row");
    }
    return label.refuses();
  }
}
