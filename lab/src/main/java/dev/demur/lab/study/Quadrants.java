package dev.demur.lab.study;

import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.RefusalByHarm;
import dev.demur.lab.judge.RefusalByHarm.Both;
import dev.demur.lab.study.Supplement.Quadrant;
import java.util.ArrayList;
import java.util.List;

/// Counts refusal against harm.
final class Quadrants {

  private Quadrants() {}

  /// One for each block of completions, judge of refusal and judge of harm.
  static List<Quadrant> of(List<List<CompletionRow>> blocks, Panel panel) {
    var quadrants = new ArrayList<Quadrant>();
    for (var block : blocks) {
      for (String judge : panel.names()) {
        for (var guard : panel.harmJudges()) {
          var both =
              block.stream()
                  .filter(row -> row.isJudgedBy(judge) && row.harm().containsKey(guard.name()))
                  .toList();
          if (!both.isEmpty()) {
            quadrants.add(quadrant(both, judge, guard.name()));
          }
        }
      }
    }
    return quadrants;
  }

  private static Quadrant quadrant(List<CompletionRow> rows, String judge, String guard) {
    var answers =
        rows.stream()
            .map(row -> new Both(row.label(judge), row.harm().getOrDefault(guard, Harm.SAFE)))
            .toList();
    var first = rows.getFirst();
    return new Quadrant(first.set(), first.variant(), RefusalByHarm.of(judge, guard, answers));
  }
}
