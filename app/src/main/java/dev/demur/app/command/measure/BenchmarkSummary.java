package dev.demur.app.command.measure;

import dev.demur.lab.Seeds;
import dev.demur.lab.benchmark.Outcome;
import dev.demur.lab.benchmark.Task;
import dev.demur.lab.stats.Bootstrap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// What the benchmark command prints.
///
/// @param model its name
/// @param outcomes of every task, metric and variant; a task's unedited model before its others
record BenchmarkSummary(String model, List<Outcome> outcomes) {

  private static final int TASK_WIDTH = 34;
  private static final int VARIANT_WIDTH = 10;

  /// For means that are not shares.
  private static final Bootstrap BOOTSTRAP =
      new Bootstrap(new Seeds(42), "benchmark-interval", 2000);

  /// For people.
  String text() {
    var text = new StringBuilder("As in lm-evaluation-harness ").append(Task.HARNESS);
    text.append(" (95 % interval; difference from the unedited model on the same questions)\n\n");
    for (var outcome : outcomes) {
      text.append(line(outcome)).append('\n');
    }
    return text.toString();
  }

  private String line(Outcome outcome) {
    String values =
        String.format(
            Locale.ROOT,
            "  %-" + TASK_WIDTH + "s %-" + VARIANT_WIDTH + "s %5.1f %%  (%s; n %d)",
            outcome.task() + " " + outcome.metric().text(),
            outcome.variant(),
            100 * outcome.mean(),
            outcome.interval(BOOTSTRAP).asPercent(),
            outcome.values().size());
    return values
        + unedited(outcome)
            .map(
                unedited -> {
                  var change = outcome.since(unedited, BOOTSTRAP);
                  return String.format(
                          Locale.ROOT,
                          "  %+.1f points (%+.1f to %+.1f)",
                          100 * change.difference(),
                          100 * change.interval().low(),
                          100 * change.interval().high())
                      + change
                          .mcNemar()
                          .map(p -> String.format(Locale.ROOT, ", McNemar p %.3g", p))
                          .orElse("");
                })
            .orElse("");
  }

  /// The unedited model's outcome of the same task and metric, for all variants but itself.
  private Optional<Outcome> unedited(Outcome outcome) {
    return outcomes.stream()
        .filter(o -> o.task().equals(outcome.task()) && o.metric() == outcome.metric())
        .findFirst()
        .filter(first -> !first.variant().equals(outcome.variant()));
  }

  /// For programs.
  String json() {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("model", model);
    summary.put("harness", "lm-evaluation-harness " + Task.HARNESS);
    summary.put("outcomes", outcomes.stream().map(this::values).toList());
    return JsonMapper.shared().writeValueAsString(summary) + "\n";
  }

  private Map<String, Object> values(Outcome outcome) {
    var values = new LinkedHashMap<String, Object>();
    var interval = outcome.interval(BOOTSTRAP);
    values.put("task", outcome.task());
    values.put("metric", outcome.metric().text());
    values.put("variant", outcome.variant());
    values.put("n", outcome.values().size());
    values.put("mean", outcome.mean());
    values.put("low", interval.low());
    values.put("high", interval.high());
    values.put("interval", interval.method());
    unedited(outcome)
        .ifPresent(
            unedited -> {
              var change = outcome.since(unedited, BOOTSTRAP);
              values.put("difference", change.difference());
              values.put("difference_low", change.interval().low());
              values.put("difference_high", change.interval().high());
              change.mcNemar().ifPresent(p -> values.put("mcnemar_p", p));
            });
    return values;
  }
}
