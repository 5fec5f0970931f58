package dev.demur.lab.benchmark;

import dev.demur.lab.Seeds;
import dev.demur.lab.benchmark.Outcome.Change;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import java.util.List;
import java.util.Optional;

/// What a model scored, every task, metric and variant, with intervals and paired differences.
///
/// @param model its name
/// @param level of every interval
/// @param rows a task's unedited model before its others
/// @param changed answers to TruthfulQA that are others than the unedited model's
/// @param whole estimates of whole benchmarks, of which chosen questions were asked
public record BenchmarkResult(
    String model,
    double level,
    List<Row> rows,
    List<ChangedAnswer> changed,
    List<WholeEstimate> whole) {

  /// For means that are not shares.
  private static final Bootstrap BOOTSTRAP =
      new Bootstrap(new Seeds(42), "benchmark-interval", 2000);

  public BenchmarkResult {
    rows = List.copyOf(rows);
    changed = List.copyOf(changed);
    whole = List.copyOf(whole);
  }

  /// One outcome.
  ///
  /// @param interval of its mean
  /// @param change from the unedited model on the same questions; empty for that model itself
  public record Row(Outcome outcome, Interval interval, Optional<Change> change) {}

  /// Sets intervals and differences beside the outcomes of a run.
  ///
  /// @param outcomes a task's unedited model before its others
  public static BenchmarkResult of(String model, List<Outcome> outcomes) {
    return of(model, Interval.USUAL_LEVEL, outcomes);
  }

  /// The same with intervals of another level.
  ///
  /// @param level above 0 and below 1
  public static BenchmarkResult of(String model, double level, List<Outcome> outcomes) {
    return new BenchmarkResult(
        model,
        level,
        outcomes.stream()
            .map(
                outcome ->
                    new Row(
                        outcome,
                        outcome.interval(level, BOOTSTRAP),
                        unedited(outcome, outcomes).map(o -> outcome.since(o, level, BOOTSTRAP))))
            .toList(),
        List.of(),
        List.of());
  }

  /// The same with the answers that changed, and with estimates of whole benchmarks.
  public BenchmarkResult with(List<ChangedAnswer> answers, List<WholeEstimate> estimates) {
    return new BenchmarkResult(model, level, rows, answers, estimates);
  }

  /// The unedited model's outcome of the same task and metric, for all variants but itself.
  private static Optional<Outcome> unedited(Outcome outcome, List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(o -> o.task().equals(outcome.task()) && o.metric() == outcome.metric())
        .findFirst()
        .filter(first -> !first.variant().equals(outcome.variant()));
  }
}
