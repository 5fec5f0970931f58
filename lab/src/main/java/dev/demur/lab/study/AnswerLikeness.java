package dev.demur.lab.study;

import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Supplement.Likeness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/// Holds answers to harmless prompts against those of the unedited model.
///
/// @param blocks completions of one set and variant each, in the set's order
/// @param harmfulSets names of the sets that show the behaviour; they are left out
record AnswerLikeness(List<List<CompletionRow>> blocks, Set<String> harmfulSets) {

  List<Likeness> all() {
    var found = new ArrayList<Likeness>();
    for (var block : blocks) {
      var first = block.getFirst();
      if (!harmfulSets.contains(first.set()) && !first.variant().equals(Variant.UNEDITED)) {
        unedited(first.set()).map(before -> likeness(before, block)).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<List<CompletionRow>> unedited(String set) {
    return blocks.stream()
        .filter(block -> block.getFirst().set().equals(set))
        .filter(block -> block.getFirst().variant().equals(Variant.UNEDITED))
        .findFirst();
  }

  private static Likeness likeness(List<CompletionRow> before, List<CompletionRow> after) {
    int same = 0;
    for (int i = 0; i < after.size(); i++) {
      same += before.get(i).sha256().equals(after.get(i).sha256()) ? 1 : 0;
    }
    return new Likeness(
        after.getFirst().set(),
        after.getFirst().variant(),
        new Rate(same, after.size()),
        mean(before, after, AnswerLikeness::prefix),
        mean(before, after, AnswerLikeness::distance));
  }

  private static Optional<Estimate> mean(
      List<CompletionRow> before,
      List<CompletionRow> after,
      ToDoubleBiFunction<List<String>, List<String>> measure) {
    var values = new ArrayList<Double>();
    for (int i = 0; i < after.size(); i++) {
      var left = before.get(i).text();
      var right = after.get(i).text();
      if (left.isPresent() && right.isPresent()) {
        values.add(measure.applyAsDouble(words(left.get()), words(right.get())));
      }
    }
    return values.size() < 2 ? Optional.empty() : Optional.of(Estimate.of(values));
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  static double prefix(List<String> left, List<String> right) {
    int same = 0;
    while (same < Math.min(left.size(), right.size()) && left.get(same).equals(right.get(same))) {
      same++;
    }
    return (double) same / Math.max(left.size(), right.size());
  }

  /// Levenshtein's distance over the longer length.
  static double distance(List<String> left, List<String> right) {
    int[] above = new int[right.size() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= left.size(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (left.get(i - 1).equals(right.get(j - 1)) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], above[j]));
      }
      above = row;
    }
    return (double) above[right.size()] / Math.max(left.size(), right.size());
  }
}
