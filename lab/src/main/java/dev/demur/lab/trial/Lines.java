package dev.demur.lab.trial;

import dev.demur.lab.Seeds;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.stats.Summary;
import dev.demur.lab.trial.TrialResult.Asked;
import dev.demur.lab.trial.TrialResult.Cell;
import dev.demur.lab.trial.TrialResult.Cost;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.lab.trial.TrialResult.Looked;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Numbers of what rows answered, each beside the unedited model's on the same prompts.
///
/// @param all the unedited model first
/// @param judge whose verdicts the rates are
record Lines(List<Answered> all, String judge) {

  private static final Bootstrap BOOTSTRAP =
      new Bootstrap(new Seeds(42), "trial-benchmark-interval", 2000);

  /// One line for each row, without verdicts.
  List<Line> lines() {
    var changes = tests(this::refused);
    var breaks = tests(Lines::broken);
    var lines = new ArrayList<Line>();
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      var cells = new EnumMap<Column, Cell>(Column.class);
      for (var column : one.answers().keySet()) {
        var at = new Place(i, column);
        cells.put(column, cell(one.of(column), changes.get(at), breaks.get(at)));
      }
      lines.add(
          new Line(
              one.row(),
              cells,
              i == 0 ? Optional.empty() : loss(one),
              looked(one),
              asked(one),
              cost(one),
              new Verdict(Verdict.Kind.NONE, "–"),
              Optional.empty()));
    }
    return lines;
  }

  private Answered unedited() {
    return all.getFirst();
  }

  private Cell cell(
      List<AnswerRow> answers, @Nullable PairedTest change, @Nullable PairedTest breaks) {
    var judged = answers.stream().filter(a -> a.isJudgedBy(judge)).toList();
    return new Cell(
        judged.isEmpty() ? Optional.empty() : Optional.of(Rate.of(judged, a -> a.refusedBy(judge))),
        Rate.of(answers, AnswerRow::isBroken),
        Optional.ofNullable(change),
        Optional.ofNullable(breaks));
  }

  // ---- refusals ------------------------------------------------------------------------------

  /// One row's set.
  private record Place(int row, Column column) {}

  /// Tests of every row against the unedited model, corrected over all rows that are tried, and
  /// over all controls.
  ///
  /// @param pairs counts what the test is about
  private Map<Place, PairedTest> tests(Pairs pairs) {
    var tests = new LinkedHashMap<>(family(TrialRow.Role.TRIED, pairs));
    tests.putAll(family(TrialRow.Role.CONTROL, pairs));
    return tests;
  }

  private Map<Place, PairedTest> family(TrialRow.Role role, Pairs pairs) {
    var counts = new LinkedHashMap<Place, PairedCounts>();
    for (int i = 1; i < all.size(); i++) {
      var one = all.get(i);
      if (one.row().role() == role) {
        for (var column : one.answers().keySet()) {
          var at = new Place(i, column);
          pairs.of(unedited().of(column), one.of(column)).ifPresent(found -> counts.put(at, found));
        }
      }
    }
    return PairedTest.family(counts);
  }

  /// Counts pairs of answers to the same prompts, where there are any.
  private interface Pairs {
    Optional<PairedCounts> of(List<AnswerRow> before, List<AnswerRow> after);
  }

  private static Optional<PairedCounts> broken(List<AnswerRow> before, List<AnswerRow> after) {
    return PairedCounts.of(before, after, _ -> true, AnswerRow::isBroken);
  }

  /// Pairs of answers that were both judged.
  private Optional<PairedCounts> refused(List<AnswerRow> before, List<AnswerRow> after) {
    return PairedCounts.of(
        before, after, row -> row.isJudgedBy(judge), row -> row.refusedBy(judge));
  }

  // ---- what else it costs --------------------------------------------------------------------

  private Optional<Estimate> loss(Answered one) {
    var before = unedited().loss().map(OwnLoss::perToken);
    var after = one.loss().map(OwnLoss::perToken);
    return before.isPresent() && after.isPresent() && before.get().size() > 1
        ? Optional.of(Estimate.ofChange(before.get(), after.get()))
        : Optional.empty();
  }

  private Map<Column, Looked> looked(Answered one) {
    var looked = new EnumMap<Column, Looked>(Column.class);
    one.attention()
        .forEach(
            (column, after) -> {
              var before = Optional.ofNullable(unedited().attention().get(column));
              looked.put(
                  column,
                  new Looked(
                      Summary.mean(after.shares()),
                      Summary.mean(after.words()),
                      after.shares().size(),
                      before
                          .filter(_ -> one.row().role() != TrialRow.Role.UNEDITED)
                          .map(was -> Estimate.ofChange(was.shares(), after.shares()))));
            });
    return looked;
  }

  private Map<String, Asked> asked(Answered one) {
    var asked = new LinkedHashMap<String, Asked>();
    for (var outcome : one.outcomes()) {
      var change =
          unedited().outcomes().stream()
              .filter(_ -> one.row().role() != TrialRow.Role.UNEDITED)
              .filter(before -> before.task().equals(outcome.task()))
              .filter(before -> before.metric() == outcome.metric())
              .findFirst()
              .map(before -> outcome.since(before, Interval.USUAL_LEVEL, BOOTSTRAP));
      asked.putIfAbsent(outcome.task(), new Asked(outcome.mean(), change));
    }
    return asked;
  }

  private Cost cost(Answered one) {
    double tokens = one.all().stream().mapToInt(AnswerRow::tokens).average().orElse(0);
    double seconds = one.all().stream().mapToDouble(AnswerRow::seconds).average().orElse(0);
    double usual = unedited().secondsPerToken();
    return new Cost(tokens, seconds, usual > 0 ? one.secondsPerToken() / usual : 1);
  }
}
