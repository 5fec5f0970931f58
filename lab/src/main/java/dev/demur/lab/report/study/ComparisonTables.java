package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.orMissing;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.together;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.report.study.ComparisonReport.NamedRun;
import dev.demur.lab.run.StageTiming;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.Role;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyResult.SetFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Tables with a column, or a row, for each of several runs.
///
/// @param runs in the order they were named
record ComparisonTables(List<NamedRun> runs) {

  private static final String NONE = "none in this run";

  /// What each run found.
  Table runsTable() {
    return Table.of(
        "runs",
        "What each run found; scores in nats.",
        runs,
        text("run", "Run", NamedRun::name),
        text("model", "Model", run -> run.study().model().name()),
        text("dtype", "Dtype", run -> run.study().model().dtype()),
        text("finding", "Finding", ComparisonTables::finding),
        cell(
            Column.number("position", "Position"),
            run -> orNone(chosen(run).map(row -> new Ordinal(row.candidate().position())))),
        cell(
            Column.number("layer", "Layer"),
            run -> orNone(chosen(run).map(row -> new Ordinal(row.candidate().layer())))),
        count("layers", "of", run -> run.study().model().layers()),
        score("bypass", "Bypass", Unit.NATS, CandidateScores::bypass),
        score("induce", "Induce", Unit.NATS, CandidateScores::induce),
        score("kl", "KL", Unit.KL, CandidateScores::kl),
        cell(Column.number("eligible", "Eligible"), run -> orNone(eligible(run))));
  }

  private static String finding(NamedRun run) {
    return run.study().finding().kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Optional<CandidateScores> chosen(NamedRun run) {
    return run.study().selection().flatMap(selection -> selection.chosen());
  }

  private static Optional<Count> eligible(NamedRun run) {
    return run.study()
        .selection()
        .map(selection -> new Count(CandidateTables.with(selection, Verdict.ELIGIBLE)));
  }

  private static Columns<NamedRun> score(
      String key, String heading, Unit unit, Function<CandidateScores, Optional<Double>> score) {
    return numberOr(
        key, heading, unit, run -> chosen(run).flatMap(score).filter(Double::isFinite), NONE);
  }

  /// Rates of the same set, variant and judge in one row.
  Table rates() {
    return Table.of(
        "rates",
        "Share of completions judged refusals, with 95 % Wilson intervals; – where a run has no"
            + " such rate.",
        keys(),
        text("set", "Set", RateKey::set),
        code("variant", "Variant", key -> key.variant().text()),
        text("judge", "Judge", RateKey::judge),
        perRun(ComparisonTables::rate));
  }

  private static Columns<RateKey> rate(String key, NamedRun run) {
    return together(
        List.of(
            numberOr(
                key + "_share",
                run.name(),
                Unit.SHARE,
                row -> refused(run, row).map(Rate::share),
                NONE),
            rangeOr(
                key + "_wilson",
                "Wilson",
                Unit.SHARE,
                row -> refused(run, row).map(rate -> rate.wilson(Interval.USUAL_LEVEL)),
                NONE)));
  }

  private static Optional<Rate> refused(NamedRun run, RateKey key) {
    return run.study().evaluation().rates().stream()
        .filter(row -> new RateKey(row.set(), row.variant(), row.judge()).equals(key))
        .map(RateRow::refused)
        .findFirst();
  }

  /// Model facts and settings that are not the same in all runs.
  Table differences() {
    var names = new ArrayList<Differing>();
    collect(study -> FactTables.model(study.model()), names);
    collect(study -> FactTables.settings(study.config()), names);
    return Table.of(
        "differences",
        "Model facts and settings that differ.",
        names,
        cell(Column.text("name", "Name"), Differing::name),
        perRun((key, run) -> cell(Column.text(key, run.name()), row -> row.of(runs.indexOf(run)))));
  }

  /// A fact of every run.
  private record Differing(Cell name, List<Cell> values) {
    Cell of(int run) {
      return values.get(run);
    }
  }

  /// Whether the runs used the same prompts.
  Table sets() {
    return Table.of(
        "sets",
        "Prompt sets by the hash of their source, with the number of drawn prompts; equal"
            + " fingerprints mean the same prompts drawn in the same order.",
        Arrays.stream(Role.values())
            .flatMap(role -> names(role).stream().map(name -> new SetKey(role, name)))
            .toList(),
        text("set", "Set", set -> Wording.role(set.role()) + ": " + set.name()),
        perRun(
            (key, run) ->
                cell(
                    Column.text(key, run.name()),
                    set -> fingerprint(run, set.role(), set.name()))));
  }

  private record SetKey(Role role, String name) {}

  /// Whether any set is not the same in all runs that have it, or not in all runs.
  boolean promptsDiffer() {
    return Arrays.stream(Role.values())
        .flatMap(role -> names(role).stream().map(name -> cells(role, name)))
        .anyMatch(cells -> cells.stream().distinct().count() > 1);
  }

  /// Seconds of each stage.
  Table timings() {
    var stages =
        runs.stream()
            .flatMap(run -> run.study().timings().stream())
            .map(StageTiming::stage)
            .distinct()
            .toList();
    return Table.of(
        "timings",
        "Wall time of each stage.",
        stages,
        text("stage", "Stage", stage -> stage),
        perRun(
            (key, run) ->
                numberOr(key, run.name(), Unit.SECONDS, stage -> seconds(run, stage), NONE)));
  }

  private static Optional<Double> seconds(NamedRun run, String stage) {
    return run.study().timings().stream()
        .filter(timing -> timing.stage().equals(stage))
        .map(StageTiming::seconds)
        .findFirst();
  }

  private record RateKey(String set, Variant variant, String judge) {}

  private List<RateKey> keys() {
    return runs.stream()
        .flatMap(run -> run.study().evaluation().rates().stream())
        .map(row -> new RateKey(row.set(), row.variant(), row.judge()))
        .distinct()
        .toList();
  }

  /// Keeps the rows of a table of names and values that differ between runs.
  private void collect(Function<StudyResult, Table> table, List<Differing> into) {
    var all = runs.stream().map(run -> table.apply(run.study()).rows()).toList();
    for (int i = 0; i < all.getFirst().size(); i++) {
      int at = i;
      var values = all.stream().map(rows -> rows.get(at).cells().get(1)).toList();
      if (values.stream().distinct().count() > 1) {
        into.add(new Differing(all.getFirst().get(i).cells().getFirst(), values));
      }
    }
  }

  private List<String> names(Role role) {
    return runs.stream()
        .flatMap(run -> run.study().data().sets().stream())
        .filter(set -> set.role() == role)
        .map(SetFacts::name)
        .distinct()
        .toList();
  }

  private List<Cell> cells(Role role, String name) {
    return runs.stream().map(run -> fingerprint(run, role, name)).toList();
  }

  private static Cell fingerprint(NamedRun run, Role role, String name) {
    return orNone(
        run.study().data().sets().stream()
            .filter(set -> set.role() == role && set.name().equals(name))
            .map(ComparisonTables::fingerprint)
            .findFirst());
  }

  /// Source, number of prompts and order, short enough to compare by eye.
  private static Cell fingerprint(SetFacts set) {
    return new Code(
        String.format(
            Locale.ROOT,
            "%s · %d · %08x",
            set.sha256().substring(0, 8),
            set.indices().size(),
            set.indices().hashCode()));
  }

  /// Columns of every run.
  ///
  /// @param columns by the run's key and the run
  private <R> Columns<R> perRun(BiFunction<String, NamedRun, Columns<R>> columns) {
    return together(
        IntStream.range(0, runs.size()).mapToObj(i -> columns.apply(key(i), runs.get(i))).toList());
  }

  /// Column names by place, as two run names may look alike once cut to letters.
  private static String key(int index) {
    return "run_" + (index + 1);
  }

  private static Cell orNone(Optional<? extends Cell> cell) {
    return orMissing(cell, NONE);
  }
}
