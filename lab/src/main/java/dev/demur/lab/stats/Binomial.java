package dev.demur.lab.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/// How many of `n` independent items have a property that each has with the same probability. Every
/// exact binomial test and bound of Demur takes its tails from here.
///
/// A two-sided test at probability ½ is twice the smaller tail. It does not look for the values on
/// the other side that are as unlikely: there, rounding decides whether a value is equally likely.
///
/// @param n how many items, at least 1
/// @param probability of the property, 0 to 1
public record Binomial(int n, double probability) {

  public Binomial {
    if (n < 1) {
      throw new IllegalArgumentException("n must be >= 1, was " + n);
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be 0 to 1, was " + probability);
    }
  }

  /// The probability that at most `count` items have the property.
  public double atMost(int count) {
    return distribution().cumulativeProbability(count);
  }

  /// The probability that at least `count` items have the property.
  public double atLeast(int count) {
    return distribution().survivalProbability(count - 1);
  }

  /// The p-value of "both outcomes are equally likely" when one came up `first` and the other
  /// `second` times, two-sided. Without any outcome it is 1.
  public static double signTest(int first, int second) {
    return first + second == 0
        ? 1
        : Math.min(1, 2 * new Binomial(first + second, 0.5).atMost(Math.min(first, second)));
  }

  /// The largest probability under which `count` or fewer of `n` still have the chance `tail`.
  static double upperEnd(int count, int n, double tail) {
    return count == n
        ? 1
        : Bisection.crossing(p -> new Binomial(n, p).atMost(count) - tail, (double) count / n, 1);
  }

  /// The smallest probability under which `count` or more of `n` still have the chance `tail`.
  static double lowerEnd(int count, int n, double tail) {
    return count == 0
        ? 0
        : Bisection.crossing(p -> tail - new Binomial(n, p).atLeast(count), 0, (double) count / n);
  }

  private BinomialDistribution distribution() {
    return BinomialDistribution.of(n, probability);
  }
}
