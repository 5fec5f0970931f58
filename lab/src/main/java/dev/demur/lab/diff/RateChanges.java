package dev.demur.lab.diff;

import dev.demur.lab.diff.RunDiff.RateChange;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.study.CompletionRow;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.StudyRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Refusal rates of two runs, tested on the prompts both asked.
///
/// @param first the run changes are counted from
/// @param second the run they are counted to
record RateChanges(StudyRun first, StudyRun second) {

  /// Every rate that both runs have: same set, variant and judge.
  List<RateChange> all() {
    var changes = new ArrayList<RateChange>();
    for (var row : first.result().evaluation().rates()) {
      second.result().evaluation().rates().stream()
          .filter(other -> isSame(row, other))
          .findFirst()
          .ifPresent(other -> changes.add(change(row, other)));
    }
    return adjusted(changes);
  }

  /// What keeps rates from being tested, in words.
  static List<String> obstacles(List<RateChange> changes) {
    if (changes.isEmpty()) {
      return List.of("Rates: the runs have no set, variant and judge in common.");
    }
    var obstacles = new ArrayList<String>();
    for (String set : changes.stream().map(RateChange::set).distinct().toList()) {
      // The prompts of a set are the same whatever the variant.
      var change = changes.stream().filter(c -> c.set().equals(set)).findFirst().orElseThrow();
      int shared = change.test().map(test -> test.counts().n()).orElse(0);
      if (shared == 0) {
        obstacles.add("Rates on %s: not one prompt is in both runs; not tested.".formatted(set));
      } else if (shared < Math.max(change.first().n(), change.second().n())) {
        obstacles.add(
            String.format(
                Locale.ROOT,
                "Rates on %s: tested on the %d prompts that are in both runs, of %d and %d.",
                set,
                shared,
                change.first().n(),
                change.second().n()));
      }
    }
    return obstacles;
  }

  private static boolean isSame(RateRow row, RateRow other) {
    return row.set().equals(other.set())
        && row.variant().equals(other.variant())
        && row.judge().equals(other.judge());
  }

  private RateChange change(RateRow row, RateRow other) {
    var one = refusals(first, row);
    var two = refusals(second, row);
    var shared = one.keySet().stream().filter(two::containsKey).toList();
    Optional<PairedTest> test = Optional.empty();
    if (!shared.isEmpty()) {
      var counts =
          PairedCounts.of(
              shared.stream().map(prompt -> one.getOrDefault(prompt, false)).toList(),
              shared.stream().map(prompt -> two.getOrDefault(prompt, false)).toList());
      test = Optional.of(PairedTest.of(counts));
    }
    return new RateChange(
        row.set(), row.variant(), row.judge(), row.refused(), other.refused(), test);
  }

  /// Whether each prompt was refused, by the hash of the prompt.
  private static Map<String, Boolean> refusals(StudyRun run, RateRow row) {
    var refused = new LinkedHashMap<String, Boolean>();
    for (CompletionRow completion : run.completions()) {
      if (completion.isAnswered()
          && completion.set().equals(row.set())
          && completion.variant().equals(row.variant())) {
        refused.putIfAbsent(completion.promptSha256(), completion.refused(row.judge()));
      }
    }
    return refused;
  }

  private static List<RateChange> adjusted(List<RateChange> changes) {
    var tested = changes.stream().flatMap(change -> change.test().stream()).toList();
    var family = PairedTest.family(tested.stream().map(PairedTest::counts).toList()).iterator();
    return changes.stream()
        .map(
            c ->
                new RateChange(
                    c.set(),
                    c.variant(),
                    c.judge(),
                    c.first(),
                    c.second(),
                    c.test().map(_ -> family.next())))
        .toList();
  }
}
