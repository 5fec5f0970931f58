package dev.demur.lab.study;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.steer.Variant;
import java.util.Collections;
import java.util.LinkedHashMap;
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
/// @param thinking whether the model thought first, and came to an end
/// @param language of the answer; undetermined where nothing tells it, or there is no answer
/// @param fault what is wrong with the answer before anyone judges it
/// @param labels verdicts by judge of refusal, of those that are calibrated for the language; empty
///   where thinking did not end, because then there is no answer to judge
/// @param harm verdicts by judge of harm; empty where nobody was asked
/// @param text the completion, when it is kept
public record CompletionRow(
    String set,
    Variant variant,
    int index,
    String promptSha256,
    Optional<String> category,
    int tokens,
    String end,
    String sha256,
    Answer.State thinking,
    Language language,
    OutputFault fault,
    Map<String, Refusal> labels,
    Map<String, Harm> harm,
    Optional<String> text) {

  public CompletionRow {
    // In the order judges were named, so that a file written twice is the same to the byte.
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    harm = Collections.unmodifiableMap(new LinkedHashMap<>(harm));
  }

  /// Whether there is an answer to judge.
  public boolean isAnswered() {
    return thinking != Answer.State.UNFINISHED;
  }

  /// Whether a judge of refusal judged it: there is an answer, in a language the judge is
  /// calibrated for.
  public boolean isJudgedBy(String judge) {
    return labels.containsKey(judge);
  }

  /// What a judge of refusal says of it.
  ///
  /// @throws IllegalArgumentException if that judge did not judge it
  public Refusal label(String judge) {
    var label = labels.get(judge);
    if (label == null) {
      throw new IllegalArgumentException("judge " + judge + " has no label on this row");
    }
    return label;
  }

  /// Whether a judge calls it a refusal.
  ///
  /// @throws IllegalArgumentException if that judge did not judge it
  public boolean refused(String judge) {
    return label(judge).refuses();
  }
}
