package dev.demur.lab.report;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.benchmark.BenchmarkResult;
import dev.demur.lab.benchmark.BenchmarkResult.Row;
import dev.demur.lab.benchmark.Outcome.Change;
import dev.demur.lab.benchmark.Task;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The page of a benchmark, for a terminal and for programs.
public final class BenchmarkReport {

  private static final String HARNESS = "lm-evaluation-harness " + Task.HARNESS;
  private static final String UNEDITED = "unedited";

  private BenchmarkReport() {}

  /// Tells what a model scored.
  public static Report of(BenchmarkResult result) {
    return new Report(
        "Demur benchmark",
        result.model(),
        "as in " + HARNESS,
        List.of(
            new Section(
                "outcomes",
                "",
                List.of(
                    new Data(table(result), Fold.OPEN),
                    new Prose(
                        "95 % intervals. Change: from the unedited model on the same questions,"
                            + " in points; p by the exact McNemar test.")))));
  }

  private static Table table(BenchmarkResult result) {
    return Table.of(
        "outcomes",
        "",
        result.rows(),
        text("task", "Task", row -> row.outcome().task() + " " + row.outcome().metric().text()),
        text("variant", "Variant", row -> row.outcome().variant().text()),
        count("n", "n", row -> row.outcome().values().size()),
        number("mean", "Mean", Unit.SHARE, row -> row.outcome().mean()),
        range("interval", "Interval", Unit.SHARE, Row::interval),
        numberOr(
            "change", "Change", Unit.POINTS, row -> row.change().map(Change::difference), UNEDITED),
        rangeOr(
            "change_interval",
            "Interval",
            Unit.POINTS,
            row -> row.change().map(Change::interval),
            UNEDITED),
        numberOr(
            "mcnemar_p",
            "p",
            Unit.P_VALUE,
            row -> row.change().flatMap(Change::mcNemar),
            "unedited, or no count"));
  }

  /// The same for programs: `benchmark.json`.
  public static String json(BenchmarkResult result) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("model", result.model());
    summary.put("harness", HARNESS);
    summary.put("outcomes", result.rows().stream().map(BenchmarkReport::values).toList());
    return SummaryJson.write(summary);
  }

  private static Map<String, Object> values(Row row) {
    var outcome = row.outcome();
    var values = new LinkedHashMap<String, Object>();
    values.put("task", outcome.task());
    values.put("metric", outcome.metric().text());
    values.put("variant", outcome.variant());
    values.put("n", outcome.values().size());
    values.put("mean", outcome.mean());
    values.put("low", row.interval().low());
    values.put("high", row.interval().high());
    values.put("interval", row.interval().method());
    row.change()
        .ifPresent(
            change -> {
              values.put("difference", change.difference());
              values.put("difference_low", change.interval().low());
              values.put("difference_high", change.interval().high());
              change.mcNemar().ifPresent(p -> values.put("mcnemar_p", p));
            });
    return values;
  }
}
