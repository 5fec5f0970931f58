package dev.demur.lab.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A task as the harness defines it.
///
/// Source: the task files of lm-evaluation-harness [#HARNESS], whose metadata carry the versions
/// named here.
public enum Task {
  MMLU("1.0", Sampling.FIRST),
  ARC_EASY("1.0", Sampling.RANDOM),
  ARC_CHALLENGE("1.0", Sampling.RANDOM),
  HELLASWAG("1.0", Sampling.RANDOM_BUT_ITSELF),
  WINOGRANDE("1.0", Sampling.RANDOM_BUT_ITSELF),
  TRUTHFULQA_MC1("2.0", Sampling.NONE),
  TRUTHFULQA_MC2("3.0", Sampling.NONE),
  GSM8K("3.0", Sampling.RANDOM);

  /// The version of the harness that prompts and scores follow.
  public static final String HARNESS = "0.4.13";

  /// How examples are chosen.
  enum Sampling {
    /// The first ones, the same for every question.
    FIRST,
    /// Drawn for each question in turn from one stream.
    RANDOM,
    /// The same, drawing one more and leaving the question itself out. The harness does so where a
    /// task names neither a test part nor a part for examples.
    RANDOM_BUT_ITSELF,
    /// None, whatever is asked for.
    NONE
  }

  private final String version;
  private final Sampling sampling;

  Task(String version, Sampling sampling) {
    this.version = version;
    this.sampling = sampling;
  }

  /// The task called so.
  ///
  /// @param text as in the harness, for example `arc_easy`
  /// @throws IllegalArgumentException if there is none
  public static Task named(String text) {
    return Arrays.stream(values())
        .filter(task -> task.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no task is called \"%s\"; there are %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(Task::text)
                                .collect(Collectors.joining(", ")))));
  }

  /// The harness' name, for example `arc_easy`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Version of the task's definition.
  public String version() {
    return version;
  }

  /// What is measured.
  public List<Metric> metrics() {
    return switch (this) {
      case MMLU, WINOGRANDE, TRUTHFULQA_MC1 -> List.of(Metric.ACC);
      case ARC_EASY, ARC_CHALLENGE, HELLASWAG -> List.of(Metric.ACC, Metric.ACC_NORM);
      case TRUTHFULQA_MC2 -> List.of(Metric.MASS);
      case GSM8K -> List.of(Metric.STRICT, Metric.FLEXIBLE);
    };
  }

  /// The metric that the first Open LLM Leaderboard, and so tinyBenchmarks, reports.
  Metric leaderboardMetric() {
    return switch (this) {
      case MMLU, WINOGRANDE, TRUTHFULQA_MC1 -> Metric.ACC;
      case ARC_EASY, ARC_CHALLENGE, HELLASWAG -> Metric.ACC_NORM;
      case TRUTHFULQA_MC2 -> Metric.MASS;
      case GSM8K -> Metric.STRICT;
    };
  }

  /// Examples before a question where nothing else is asked for.
  public int usualShots() {
    return this == GSM8K ? 5 : 0;
  }

  /// Examples before a question when `asked` are wanted.
  public int shots(int asked) {
    return sampling == Sampling.NONE ? 0 : asked;
  }

  /// Whether the model writes its answer; else it is asked how likely each choice is.
  public boolean generates() {
    return this == GSM8K;
  }

  /// Whether it asks TruthfulQA's questions.
  public boolean isTruthful() {
    return this == TRUTHFULQA_MC1 || this == TRUTHFULQA_MC2;
  }

  Sampling sampling() {
    return sampling;
  }

  /// Whether choices stand before the text that is scored (WinoGrande's blank is early in the
  /// sentence), not after it.
  boolean choicesFirst() {
    return this == WINOGRANDE;
  }
}
