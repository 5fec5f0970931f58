package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.orMissing;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.diff.RunDiff.CandidateCosine;
import dev.demur.lab.diff.RunDiff.RateChange;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Tables of what differs between the first run and each of the others.
///
/// @param diffs each from the first run to another
record DiffTables(List<RunDiff> diffs) {

  private static final String NOT_SCORED = "not scored";
  private static final String NOT_TESTED = "the runs asked no prompt in common";
  private static final String NONE = "no direction, or of another width";

  /// What each run chose, as the other scored it.
  Table selections() {
    var choices = new ArrayList<Choice>();
    for (var diff : diffs) {
      var first = diff.first();
      var second = diff.second();
      choices.add(new Choice(first.name(), first.name(), first.chosen()));
      choices.add(new Choice(first.name(), second.name(), second.choiceOfOther()));
      choices.add(new Choice(second.name(), second.name(), second.chosen()));
      choices.add(new Choice(second.name(), first.name(), first.choiceOfOther()));
    }
    return Table.of(
        "selections",
        "What each run chose, as each run scored it; scores in nats.",
        choices.stream().distinct().toList(),
        text("choice", "Choice of", Choice::of),
        text("run", "In", Choice::in),
        cell(Column.number("position", "Position"), c -> c.place(s -> s.candidate().position())),
        cell(Column.number("layer", "Layer"), c -> c.place(s -> s.candidate().layer())),
        numberOr("bypass", "Bypass", Unit.NATS, c -> c.score(CandidateScores::bypass), NOT_SCORED),
        numberOr("induce", "Induce", Unit.NATS, c -> c.score(CandidateScores::induce), NOT_SCORED),
        numberOr("kl", "KL", Unit.KL, c -> c.score(CandidateScores::kl), NOT_SCORED),
        text("verdict", "Verdict", Choice::verdict));
  }

  /// One run's choice as one of the two scored it.
  private record Choice(String of, String in, Optional<CandidateScores> scores) {

    Cell place(Function<CandidateScores, Integer> where) {
      return orMissing(scores.map(where).map(Ordinal::new), NOT_SCORED);
    }

    Optional<Double> score(Function<CandidateScores, Optional<Double>> score) {
      return scores.flatMap(score);
    }

    String verdict() {
      return scores
          .map(s -> s.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .orElse("");
    }
  }

  /// Cosine of the chosen directions, run by run.
  static Table chosen(List<String> names, List<List<Optional<Double>>> cosines) {
    var columns = new ArrayList<Columns<Integer>>();
    columns.add(text("run", "Run", names::get));
    for (int i = 0; i < names.size(); i++) {
      int other = i;
      columns.add(
          numberOr(
              "run_" + (i + 1),
              names.get(i),
              Unit.COSINE,
              row -> cosines.get(row).get(other),
              NONE));
    }
    return Table.of(
        "direction_cosines",
        "Cosine of the chosen directions.",
        IntStream.range(0, names.size()).boxed().toList(),
        Columns.together(columns));
  }

  /// Cosines of the candidates of two runs: a row a layer, a column a position.
  ///
  /// @param number of the second run, from 1
  static Table cosines(RunDiff diff, int number) {
    var columns = new ArrayList<Columns<Integer>>();
    columns.add(ordinal("layer", "Layer", layer -> layer));
    for (int position :
        diff.candidates().stream().map(c -> c.candidate().position()).distinct().toList()) {
      columns.add(
          numberOr(
              "position" + position,
              Numbers.ordinal(position),
              Unit.COSINE,
              layer -> at(diff, position, layer),
              "not read by both"));
    }
    return Table.of(
        "cosines_" + number,
        "Cosine of the directions that %s and %s read at the same place; columns are positions."
            .formatted(diff.first().name(), diff.second().name()),
        diff.candidates().stream().map(c -> c.candidate().layer()).distinct().sorted().toList(),
        Columns.together(columns));
  }

  private static Optional<Double> at(RunDiff diff, int position, int layer) {
    return diff.candidates().stream()
        .filter(c -> c.candidate().position() == position && c.candidate().layer() == layer)
        .findFirst()
        .map(CandidateCosine::cosine);
  }

  /// Rates of both runs, tested on the prompts both asked.
  Table tests() {
    var rows =
        diffs.stream()
            .flatMap(d -> d.rates().stream().map(r -> new Tested(d.second().name(), r)))
            .toList();
    return Table.of(
        "paired_tests",
        "From %s to each other run: rates on all prompts, then changes in percentage points on the prompts both runs asked, with Tango's interval; p by the exact McNemar test, corrected by Holm over all rows of a pair of runs."
            .formatted(diffs.getFirst().first().name()),
        rows,
        text("run", "Run", Tested::run),
        text("name", "Set, variant", row -> row.rate().set() + ", " + row.rate().variant()),
        text("judge", "Judge", row -> row.rate().judge()),
        share("first", diffs.getFirst().first().name(), row -> row.rate().first()),
        share("second", "The run", row -> row.rate().second()),
        numberOr("change", "Change", Unit.POINTS, of(PairedTest::change), NOT_TESTED),
        rangeOr(
            "change_interval", "95 % interval", Unit.POINTS, of(PairedTest::interval), NOT_TESTED),
        count("only_first", "Only first", test -> test.counts().onlyFirst()),
        count("only_second", "Only the run", test -> test.counts().onlySecond()),
        numberOr("p_value", "p", Unit.P_VALUE, of(PairedTest::pValue), NOT_TESTED),
        numberOr("p_holm", "p (Holm)", Unit.P_VALUE, of(PairedTest::adjusted), NOT_TESTED));
  }

  /// A rate of the first run and of another.
  private record Tested(String run, RateChange rate) {}

  private static <T> Function<Tested, Optional<T>> of(Function<PairedTest, T> value) {
    return row -> row.rate().test().map(value);
  }

  private static Columns<Tested> count(
      String key, String heading, Function<PairedTest, Integer> value) {
    return cell(
        Column.number(key, heading),
        row -> orMissing(row.rate().test().map(value).map(Count::new), NOT_TESTED));
  }
}
