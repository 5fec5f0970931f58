package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/// A mean of measured values with its spread and Student's interval.
///
/// The unit is what was drawn at random: prompts. Values of one prompt under two conditions are not
/// independent; [#ofChange] compares them in pairs.
///
/// @param n how many values, at least 2
/// @param mean arithmetic mean
/// @param sd standard deviation with n − 1
/// @param low lower end of the 95 % interval of the mean
/// @param high upper end
public record Estimate(int n, double mean, double sd, double low, double high) {

  /// The estimate of these values.
  ///
  /// @throws IllegalArgumentException if there are fewer than two, or one is NaN or infinite
  public static Estimate of(List<Double> values) {
    if (values.size() < 2) {
      throw new IllegalArgumentException(
          "an interval needs at least two values, had " + values.size());
    }
    var summary = Summary.of(values);
    int n = values.size();
    double t = TDistribution.of(n - 1).inverseSurvivalProbability((1 - Interval.USUAL_LEVEL) / 2);
    double reach = t * summary.sd() / Math.sqrt(n);
    return new Estimate(
        n, summary.mean(), summary.sd(), summary.mean() - reach, summary.mean() + reach);
  }

  /// The estimate of the change from `before` to `after`, pair by pair.
  ///
  /// @throws IllegalArgumentException if the lists differ in size
  public static Estimate ofChange(List<Double> before, List<Double> after) {
    if (before.size() != after.size()) {
      throw new IllegalArgumentException(
          "pairs are needed: " + before.size() + " values before, " + after.size() + " after");
    }
    var changes = new ArrayList<Double>();
    for (int i = 0; i < before.size(); i++) {
      changes.add(after.get(i) - before.get(i));
    }
    return of(changes);
  }

  /// Whether the interval leaves out 0.
  public boolean differsFromZero() {
    return low > 0 || high < 0;
  }

  /// The ends as an interval.
  public Interval interval() {
    return new Interval(low, high, Interval.USUAL_LEVEL, "Student");
  }
}
