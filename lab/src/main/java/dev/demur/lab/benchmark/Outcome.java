package dev.demur.lab.benchmark;

import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.stats.Summary;
import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One metric of one task under one variant, question by question.
///
/// @param task the harness' name, for example `mmlu_anatomy`; `mmlu` for all subjects together
/// @param metric what was measured
/// @param variant its name
/// @param values one for each question, 0 to 1
public record Outcome(String task, Metric metric, Variant variant, List<Double> values) {

  public Outcome {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException(task + " has no question");
    }
  }

  /// The outcomes of a task.
  ///
  /// @param rows of every question
  /// @param variants names in the order of the rows' variants
  public static List<Outcome> of(
      TaskData data, List<? extends Scored> rows, List<Variant> variants) {
    return data.task().metrics().stream()
        .flatMap(
            metric ->
                IntStream.range(0, variants.size())
                    .mapToObj(
                        v ->
                            new Outcome(
                                data.name(),
                                metric,
                                variants.get(v),
                                rows.stream()
                                    .map(
                                        row ->
                                            row.value(
                                                metric, v, data.questions().get(row.question())))
                                    .toList())))
        .toList();
  }

  /// The outcomes of several tasks as those of one, each question counting alike.
  ///
  /// @param task the name of all together
  /// @param parts outcomes with the same metrics and variants in each task; may be empty
  public static List<Outcome> together(String task, List<Outcome> parts) {
    var values = new LinkedHashMap<Whose, List<Double>>();
    for (var part : parts) {
      values
          .computeIfAbsent(new Whose(part.metric, part.variant), _ -> new ArrayList<>())
          .addAll(part.values);
    }
    return values.entrySet().stream()
        .map(e -> new Outcome(task, e.getKey().metric(), e.getKey().variant(), e.getValue()))
        .toList();
  }

  /// The means of several tasks as values of one, each task counting alike: the leaderboard's MMLU,
  /// where a subject of 100 questions weighs as much as one of 1,500. Its unit is the task, so its
  /// interval is that of other tasks of the kind.
  ///
  /// @param task the name of all together
  /// @param parts outcomes with the same metrics and variants in each task; may be empty
  public static List<Outcome> alike(String task, List<Outcome> parts) {
    var means = new LinkedHashMap<Variant, List<Double>>();
    for (var part : parts) {
      means.computeIfAbsent(part.variant, _ -> new ArrayList<>()).add(part.mean());
    }
    return means.entrySet().stream()
        .map(e -> new Outcome(task, Metric.MASS, e.getKey(), e.getValue()))
        .toList();
  }

  /// The same on some of its questions.
  ///
  /// @param part the name of these
  /// @param places which questions
  public Outcome at(String part, List<Integer> places) {
    return new Outcome(part, metric, variant, places.stream().map(values::get).toList());
  }

  private record Whose(Metric metric, Variant variant) {}

  /// The metric: the mean over questions.
  public double mean() {
    return Summary.mean(values);
  }

  /// The mean as a share, where questions are right or wrong.
  public Optional<Rate> rate() {
    return metric.counts() ? Optional.of(Rate.of(values, value -> value == 1)) : Optional.empty();
  }

  /// Wilson's interval of a share; of other means the percentiles of resampled questions.
  public Interval interval(double level, Bootstrap bootstrap) {
    return rate()
        .map(rate -> rate.wilson(level))
        .orElseGet(() -> bootstrap.percentile(values, Summary::mean, level));
  }

  /// How this variant differs from another on the same questions.
  ///
  /// @throws IllegalArgumentException if the questions are not the same in number
  public Change since(Outcome unedited, double level, Bootstrap bootstrap) {
    if (metric.counts()) {
      var counts = PairedCounts.of(right(values), right(unedited.values));
      return new Change(
          counts.riskDifference(),
          counts.riskDifferenceInterval(level),
          Optional.of(counts.mcNemar()));
    }
    var differences =
        IntStream.range(0, values.size())
            .mapToObj(i -> values.get(i) - unedited.values.get(i))
            .toList();
    return new Change(
        Summary.mean(differences),
        bootstrap.percentile(differences, Summary::mean, level),
        Optional.empty());
  }

  /// A paired difference.
  ///
  /// @param difference this variant's mean minus the other's
  /// @param interval of the difference
  /// @param mcNemar exact two-sided p of "both are right equally often", where questions are right
  ///   or wrong
  public record Change(double difference, Interval interval, Optional<Double> mcNemar) {}

  private static List<Boolean> right(List<Double> values) {
    return values.stream().map(value -> value == 1).toList();
  }
}
