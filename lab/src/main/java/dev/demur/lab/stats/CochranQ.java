package dev.demur.lab.stats;

import java.util.List;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/// Cochran's Q test: whether several conditions, tried on the same prompts, have a property equally
/// often. With two conditions it is McNemar's test without its correction.
///
/// Source: Cochran 1950, Biometrika 37.
///
/// @param q the statistic
/// @param pValue by χ² with one degree of freedom fewer than conditions; 1 where no prompt tells
///   two conditions apart
public record CochranQ(double q, double pValue) {

  /// The test.
  ///
  /// @param conditions at least two lists, one value a prompt, in the same order
  /// @throws IllegalArgumentException if there are fewer than two, they differ in length or are
  ///   empty
  public static CochranQ of(List<List<Boolean>> conditions) {
    int k = conditions.size();
    if (k < 2 || conditions.getFirst().isEmpty()) {
      throw new IllegalArgumentException(
          "at least two conditions and one prompt are needed, had " + k + " conditions");
    }
    int n = conditions.getFirst().size();
    double columns = 0;
    for (var condition : conditions) {
      if (condition.size() != n) {
        throw new IllegalArgumentException(
            "conditions must have the same prompts, had " + n + " and " + condition.size());
      }
      double sum = condition.stream().filter(has -> has).count();
      columns += sum * sum;
    }
    double all = 0;
    double rows = 0;
    for (int i = 0; i < n; i++) {
      int prompt = i;
      double sum = conditions.stream().filter(condition -> condition.get(prompt)).count();
      all += sum;
      rows += sum * sum;
    }
    double spread = k * all - rows;
    if (spread == 0) {
      return new CochranQ(0, 1);
    }
    double q = (k - 1) * (k * columns - all * all) / spread;
    return new CochranQ(q, ChiSquaredDistribution.of(k - 1.0).survivalProbability(q));
  }
}
