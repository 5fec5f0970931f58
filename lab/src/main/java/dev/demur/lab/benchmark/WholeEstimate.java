package dev.demur.lab.benchmark;

import dev.demur.lab.benchmark.ItemModel.Estimate;
import dev.demur.lab.steer.Variant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the answers to tinyBenchmarks' chosen questions say of a whole benchmark.
///
/// @param task the harness' name, for example `hellaswag`
/// @param metric whose answers were taken
/// @param variant how the model was run
/// @param asked mean of the answers themselves
/// @param estimate of the score on all questions
/// @param change of the mixed estimate from the unedited model's; empty for that model
public record WholeEstimate(
    String task,
    Metric metric,
    Variant variant,
    double asked,
    Estimate estimate,
    Optional<Double> change) {

  /// Estimates for the tasks whose items are known.
  ///
  /// @param outcomes a task's unedited model before its others
  /// @param items by task
  /// @throws IllegalArgumentException if a task was not asked, or not exactly its chosen questions
  public static List<WholeEstimate> of(List<Outcome> outcomes, Map<Task, ItemModel> items) {
    return items.entrySet().stream()
        .flatMap(
            entry -> {
              var task = entry.getKey();
              var metric = task.leaderboardMetric();
              var asked =
                  outcomes.stream()
                      .filter(o -> o.task().equals(task.text()) && o.metric() == metric)
                      .toList();
              return of(asked, entry.getValue()).stream();
            })
        .toList();
  }

  private static List<WholeEstimate> of(List<Outcome> outcomes, ItemModel items) {
    var first = outcomes.stream().findFirst().map(o -> items.estimate(o.values()).mixed());
    return outcomes.stream()
        .map(
            o -> {
              var estimate = items.estimate(o.values());
              return new WholeEstimate(
                  o.task(),
                  o.metric(),
                  o.variant(),
                  o.mean(),
                  estimate,
                  first
                      .filter(_ -> !o.equals(outcomes.getFirst()))
                      .map(unedited -> estimate.mixed() - unedited));
            })
        .toList();
  }
}
