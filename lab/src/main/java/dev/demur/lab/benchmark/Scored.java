package dev.demur.lab.benchmark;

/// What one question gave under every variant.
public sealed interface Scored permits ChoiceScores, NumberScores {

  /// Index of the question in its task.
  int question();

  /// What a metric gives under one variant: 1 where right, 0 where wrong, a share for
  /// [Metric#MASS].
  ///
  /// @throws IllegalArgumentException if the metric is not of this kind of question
  double value(Metric metric, int variant, Document document);
}
