package dev.demur.lab.benchmark;

import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.List;

/// A question of TruthfulQA to which another answer is likeliest than for the unedited model.
///
/// @param task the harness' name
/// @param variant how the model was run
/// @param question its index in the task
/// @param text what is asked
/// @param before the unedited model's likeliest answer
/// @param after this variant's
/// @param wasTrue whether the first is true
/// @param isTrue whether the second is
public record ChangedAnswer(
    String task,
    Variant variant,
    int question,
    String text,
    String before,
    String after,
    boolean wasTrue,
    boolean isTrue) {

  /// The answers that changed, in the order of questions.
  ///
  /// @param rows of every question, the unedited model first
  /// @param variants names in the order of the rows' variants
  static List<ChangedAnswer> of(TaskData data, List<ChoiceScores> rows, List<Variant> variants) {
    var changed = new ArrayList<ChangedAnswer>();
    for (int v = 1; v < variants.size(); v++) {
      for (var row : rows) {
        int before = row.likeliest(0);
        int after = row.likeliest(v);
        if (before != after) {
          var document = data.questions().get(row.question());
          changed.add(
              new ChangedAnswer(
                  data.name(),
                  variants.get(v),
                  row.question(),
                  Documents.truthfulQuestion(document),
                  document.choices().get(before),
                  document.choices().get(after),
                  document.right().contains(before),
                  document.right().contains(after)));
        }
      }
    }
    return changed;
  }
}
