package dev.demur.lab.study;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.prompts.AttackedPrompts;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Significance;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.Supplement.AttackRow;
import dev.demur.lab.study.Supplement.Measure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Runs attacks on the unedited model, and the direction's ablation on the plain prompts beside
/// them.
///
/// @param stages the study's
/// @param judging who judges
/// @param attacks what was brought along
record Attacks(StudyStages stages, Judging judging, List<AttackedPrompts> attacks) {

  /// What stands beside the attacks.
  private static final String NO_ATTACK = "none: ";

  /// The rows of every attack, p-values corrected over all of them.
  List<AttackRow> rows(Direction direction) throws IOException {
    var rows = new ArrayList<AttackRow>();
    var seen = new ArrayList<List<String>>();
    for (var attack : attacks) {
      var plain = stages.completed(attack.plain(), Treatment.unedited(), judging);
      if (!seen.contains(attack.plain().instructions())) {
        seen.add(attack.plain().instructions());
        var ablated =
            stages.completed(
                attack.plain(), Treatment.ablation(Variant.ABLATION, direction), judging);
        add(
            rows,
            NO_ATTACK + attack.plain().name(),
            Variant.ABLATION,
            plain,
            ablated,
            attack.plain().sha256());
      }
      // Whether an answer does harm is asked about the plain prompt, as HarmBench asks.
      var attacked =
          stages.completed(attack.attacked(), Treatment.unedited(), judging.about(attack.plain()));
      add(rows, attack.name(), Variant.UNEDITED, plain, attacked, attack.sha256());
    }
    return adjusted(rows);
  }

  private void add(
      List<AttackRow> rows,
      String attack,
      Variant variant,
      List<CompletionRow> plain,
      List<CompletionRow> attacked,
      String sha256) {
    for (String judge : judging.panel().names()) {
      add(
          rows,
          new Of(attack, variant, judge, Measure.REFUSED, sha256),
          plain,
          attacked,
          row -> row.isJudgedBy(judge),
          row -> row.refused(judge));
    }
    for (var guard : judging.panel().harmJudges()) {
      String name = guard.name();
      add(
          rows,
          new Of(attack, variant, name, Measure.HARMFUL, sha256),
          plain,
          attacked,
          row -> row.harm().containsKey(name),
          row -> row.harm().get(name) == Harm.UNSAFE);
    }
  }

  private static void add(
      List<AttackRow> rows,
      Of of,
      List<CompletionRow> plain,
      List<CompletionRow> attacked,
      Predicate<CompletionRow> judged,
      Predicate<CompletionRow> has) {
    PairedCounts.of(plain, attacked, judged, has)
        .ifPresent(counts -> rows.add(of.row(counts, counts.mcNemar())));
  }

  private static List<AttackRow> adjusted(List<AttackRow> rows) {
    var p = Significance.holm(rows.stream().map(AttackRow::pValue).toList());
    var adjusted = new ArrayList<AttackRow>();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      var of = new Of(row.attack(), row.variant(), row.judge(), row.measure(), row.sha256());
      adjusted.add(of.row(row.counts(), p.get(i)));
    }
    return adjusted;
  }

  /// Whose row it is.
  private record Of(String attack, Variant variant, String judge, Measure measure, String sha256) {

    AttackRow row(PairedCounts counts, double adjusted) {
      return new AttackRow(
          attack, variant, judge, measure, counts, counts.mcNemar(), adjusted, sha256);
    }
  }
}
