package dev.demur.lab.stats;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Values sorted, with their mean and spread in float64.
///
/// @param sorted ascending, at least one, none NaN
/// @param mean arithmetic mean
/// @param sd standard deviation with n − 1; 0 for a single value
public record Summary(List<Double> sorted, double mean, double sd) {

  public Summary {
    sorted = List.copyOf(sorted);
  }

  /// The summary of these values.
  ///
  /// @throws IllegalArgumentException if there are none, or one is NaN or infinite
  public static Summary of(Collection<? extends Number> values) {
    double[] x = values.stream().mapToDouble(Number::doubleValue).toArray();
    if (x.length == 0) {
      throw new IllegalArgumentException("there are no values to summarise");
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i])) {
        throw new IllegalArgumentException("value " + i + " is " + x[i] + "; expected a number");
      }
    }
    Arrays.sort(x);
    double mean = Arrays.stream(x).sum() / x.length;
    double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    double sd = x.length == 1 ? 0 : Math.sqrt(squares / (x.length - 1));
    return new Summary(Arrays.stream(x).boxed().toList(), mean, sd);
  }

  /// The arithmetic mean alone; `NaN` and infinite values pass through.
  ///
  /// @param values at least one
  public static double mean(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /// How many values there are.
  public int n() {
    return sorted.size();
  }

  /// The smallest value.
  public double min() {
    return sorted.getFirst();
  }

  /// The largest value.
  public double max() {
    return sorted.getLast();
  }

  /// The value in the middle.
  public double median() {
    return quantile(0.5);
  }

  /// The quantile, interpolated linearly (type 7, as numpy and R by default).
  ///
  /// @param probability 0 to 1
  public double quantile(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be 0 to 1, was " + probability);
    }
    return Quantiles.of(sorted.stream().mapToDouble(Double::doubleValue).toArray(), probability);
  }
}
