package dev.demur.lab.benchmark;

import java.util.List;
import java.util.Locale;

/// One question as a task presents it.
///
/// @param source all fields of its row, which tell whether two documents are the same
/// @param text what is asked, as it stands in the prompt; for WinoGrande what follows the blank
/// @param choices possible answers; for WinoGrande the sentence up to the blank with each option in
///   it; for GSM8K the worked solution alone
/// @param right indices of the right choices, at least one; only TruthfulQA's mc2 has several
public record Document(String source, String text, List<String> choices, List<Integer> right) {

  public Document {
    choices = List.copyOf(choices);
    right = List.copyOf(right);
    if (right.isEmpty()) {
      throw new IllegalArgumentException("a question needs a right answer");
    }
    for (int index : right) {
      if (index < 0 || index >= choices.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "the right answer is number %d of %d", index + 1, choices.size()));
      }
    }
  }

  /// The right answer.
  String answer() {
    return choices.get(right.getFirst());
  }
}
