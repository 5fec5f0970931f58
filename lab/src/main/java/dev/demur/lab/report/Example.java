package dev.demur.lab.report;

import dev.demur.lab.judge.Refusal;
import dev.demur.lab.steer.Variant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One evaluation prompt with what variants of the model wrote, shown only on request.
///
/// @param set the evaluation set
/// @param index place of the prompt in the set, as in `completions.jsonl`
/// @param instruction the prompt
/// @param answers one for each variant whose text was kept
public record Example(String set, int index, String instruction, List<Answer> answers) {

  public Example {
    answers = List.copyOf(answers);
  }

  /// What one variant wrote.
  ///
  /// @param labels each judge's verdict, by judge
  public record Answer(Variant variant, String text, Map<String, Refusal> labels) {
    public Answer {
      labels = Map.copyOf(labels);
    }

    /// `substring: full`, judges in alphabetical order.
    public String verdicts() {
      return String.join(
          " · ",
          new TreeMap<>(labels)
              .entrySet().stream().map(e -> e.getKey() + ": " + e.getValue().text()).toList());
    }
  }
}
