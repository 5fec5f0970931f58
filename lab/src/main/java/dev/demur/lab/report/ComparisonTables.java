package dev.demur.lab.report;

import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.ComparisonReport.NamedRun;
import dev.demur.lab.report.Table.Mark;
import dev.demur.lab.report.Table.Row;
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
import java.util.function.Function;

/// Tables with a column, or a row, for each of several runs.
///
/// @param runs in the order they were named
record ComparisonTables(List<NamedRun> runs) {

  /// What each run found.
  Table runsTable() {
    return new Table(
        "runs",
        "What each run found; scores in nats.",
        List.of(
            Column.text("run", "Run"),
            Column.text("model", "Model"),
            Column.text("dtype", "Dtype"),
            Column.text("finding", "Finding"),
            Column.number("position", "Position"),
            Column.number("layer", "Layer"),
            Column.number("layers", "of"),
            Column.number("bypass", "Bypass"),
            Column.number("induce", "Induce"),
            Column.number("kl", "KL"),
            Column.number("eligible", "Eligible")),
        runs.stream().map(ComparisonTables::found).toList());
  }

  /// Rates of the same set, variant and judge in one row.
  Table rates() {
    var columns =
        new ArrayList<>(
            List.of(
                Column.text("set", "Set"),
                Column.text("variant", "Variant"),
                Column.text("judge", "Judge")));
    for (int i = 0; i < runs.size(); i++) {
      columns.add(Column.number(key(i) + "_share", runs.get(i).name()));
      columns.add(Column.range(key(i) + "_wilson", "Wilson"));
    }
    return new Table(
        "rates",
        "Share of completions judged refusals, with 95 % Wilson intervals; – where a run has no"
            + " such rate.",
        columns,
        keys().stream().map(this::rate).toList());
  }

  /// Model facts and settings that are not the same in all runs.
  Table differences() {
    var names = new ArrayList<Row>();
    collect(study -> FactTables.model(study.model()), names);
    collect(study -> FactTables.settings(study.config()), names);
    return new Table(
        "differences", "Model facts and settings that differ.", perRun("name", "Name"), names);
  }

  /// Whether the runs used the same prompts.
  Table sets() {
    var rows =
        Arrays.stream(Role.values())
            .flatMap(role -> names(role).stream().map(name -> set(role, name)))
            .toList();
    return new Table(
        "sets",
        "Prompt sets by the hash of their source, with the number of drawn prompts; equal"
            + " fingerprints mean the same prompts drawn in the same order.",
        perRun("set", "Set"),
        rows);
  }

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
    var columns = new ArrayList<>(List.of(Column.text("stage", "Stage")));
    for (int i = 0; i < runs.size(); i++) {
      columns.add(Column.number(key(i), runs.get(i).name()));
    }
    return new Table(
        "timings", "Wall time of each stage.", columns, stages.stream().map(this::timing).toList());
  }

  private static Row found(NamedRun run) {
    var study = run.study();
    var chosen = study.selection().flatMap(selection -> selection.chosen());
    return Row.of(
        new Text(run.name()),
        new Text(study.model().name()),
        new Text(study.model().dtype()),
        new Text(study.finding().kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
        orNone(chosen.map(row -> new Ordinal(row.candidate().position()))),
        orNone(chosen.map(row -> new Ordinal(row.candidate().layer()))),
        new Count(study.model().layers()),
        amount(chosen.flatMap(row -> row.bypass()), Unit.NATS),
        amount(chosen.flatMap(row -> row.induce()), Unit.NATS),
        amount(chosen.flatMap(row -> row.kl()), Unit.KL),
        orNone(
            study
                .selection()
                .map(selection -> new Count(CandidateTables.with(selection, Verdict.ELIGIBLE)))));
  }

  private record RateKey(String set, Variant variant, String judge) {}

  private List<RateKey> keys() {
    return runs.stream()
        .flatMap(run -> run.study().evaluation().rates().stream())
        .map(row -> new RateKey(row.set(), row.variant(), row.judge()))
        .distinct()
        .toList();
  }

  private Row rate(RateKey key) {
    var cells =
        new ArrayList<Cell>(
            List.of(new Text(key.set()), new Code(key.variant().text()), new Text(key.judge())));
    for (var run : runs) {
      Optional<Rate> rate =
          run.study().evaluation().rates().stream()
              .filter(row -> new RateKey(row.set(), row.variant(), row.judge()).equals(key))
              .map(RateRow::refused)
              .findFirst();
      cells.add(orNone(rate.map(r -> new Amount(r.share(), Unit.SHARE))));
      cells.add(orNone(rate.map(r -> new Range(r.wilson(Interval.USUAL_LEVEL), Unit.SHARE))));
    }
    return new Row(cells, Mark.NONE);
  }

  /// Keeps the rows of a table of names and values that differ between runs.
  private void collect(Function<StudyResult, Table> table, List<Row> into) {
    var all = runs.stream().map(run -> table.apply(run.study()).rows()).toList();
    for (int i = 0; i < all.getFirst().size(); i++) {
      int at = i;
      var values = all.stream().map(rows -> rows.get(at).cells().get(1)).toList();
      if (values.stream().distinct().count() > 1) {
        var cells = new ArrayList<Cell>();
        cells.add(all.getFirst().get(i).cells().getFirst());
        cells.addAll(values);
        into.add(new Row(cells, Mark.NONE));
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

  private Row set(Role role, String name) {
    var cells = new ArrayList<Cell>();
    cells.add(new Text(Wording.role(role) + ": " + name));
    cells.addAll(cells(role, name));
    return new Row(cells, Mark.NONE);
  }

  private List<Cell> cells(Role role, String name) {
    return runs.stream()
        .map(
            run ->
                orNone(
                    run.study().data().sets().stream()
                        .filter(set -> set.role() == role && set.name().equals(name))
                        .map(ComparisonTables::fingerprint)
                        .findFirst()))
        .toList();
  }

  /// Source, number of prompts and order, short enough to compare by eye.
  private static Cell fingerprint(SetFacts set) {
    return new Code(
        "%s · %d · %08x"
            .formatted(
                set.sha256().substring(0, 8), set.indices().size(), set.indices().hashCode()));
  }

  private Row timing(String stage) {
    var cells = new ArrayList<Cell>();
    cells.add(new Text(stage));
    for (var run : runs) {
      cells.add(
          orNone(
              run.study().timings().stream()
                  .filter(timing -> timing.stage().equals(stage))
                  .map(timing -> new Amount(timing.seconds(), Unit.SECONDS))
                  .findFirst()));
    }
    return new Row(cells, Mark.NONE);
  }

  private List<Column> perRun(String key, String heading) {
    var columns = new ArrayList<>(List.of(Column.text(key, heading)));
    for (int i = 0; i < runs.size(); i++) {
      columns.add(Column.text(key(i), runs.get(i).name()));
    }
    return columns;
  }

  /// Column names by place, as two run names may look alike once cut to letters.
  private static String key(int index) {
    return "run_" + (index + 1);
  }

  private static Cell amount(Optional<Double> value, Unit unit) {
    return orNone(value.filter(Double::isFinite).map(v -> new Amount(v, unit)));
  }

  private static Cell orNone(Optional<? extends Cell> cell) {
    return cell.isPresent() ? cell.get() : new Missing("none in this run");
  }
}
