package dev.demur.lab.benchmark;

import java.util.List;

/// The numbers found in a model's answers to one question, under every variant. The answers
/// themselves are not kept.
///
/// @param question its index in the task
/// @param found what was found in each variant's answer
public record NumberScores(int question, List<NumberFound> found) implements Scored {

  public NumberScores {
    found = List.copyOf(found);
  }

  @Override
  public double value(Metric metric, int variant, Document document) {
    var number = found.get(variant);
    return switch (metric) {
      case STRICT -> number.strictIs(document.answer()) ? 1 : 0;
      case FLEXIBLE -> number.flexibleIs(document.answer()) ? 1 : 0;
      case ACC, ACC_NORM, MASS ->
          throw new IllegalArgumentException(metric.text() + " needs likelihoods of choices");
    };
  }
}
