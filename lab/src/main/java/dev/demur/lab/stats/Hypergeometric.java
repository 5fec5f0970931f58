package dev.demur.lab.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// How the property is spread over two groups when only chance decides who has it, in whole
/// numbers: the number of ways is exact, so two outcomes are equally likely or they are not.
///
/// Floating point cannot tell: an outcome on the other side that is as likely as the observed one
/// comes out a rounding error more likely, and Fisher's test loses it.
///
/// @param firstGroup size of the first group
/// @param secondGroup size of the second group
/// @param having how many of both groups together have the property
record Hypergeometric(int firstGroup, int secondGroup, int having) {

  /// The probability of an outcome that is no more likely than `observed` of the first group.
  double noLikelierThan(int observed) {
    int fewest = Math.max(0, having - secondGroup);
    int most = Math.min(firstGroup, having);
    var limit = ways(observed);
    var unlikely = BigInteger.ZERO;
    var all = BigInteger.ZERO;
    var ways = ways(fewest);
    for (int k = fewest; k <= most; k++) {
      all = all.add(ways);
      if (ways.compareTo(limit) <= 0) {
        unlikely = unlikely.add(ways);
      }
      ways = next(ways, k);
    }
    return new BigDecimal(unlikely)
        .divide(new BigDecimal(all), MathContext.DECIMAL64)
        .doubleValue();
  }

  /// In how many ways `k` of the first group and the rest of the second have the property.
  private BigInteger ways(int k) {
    return choose(firstGroup, k).multiply(choose(secondGroup, having - k));
  }

  /// From the number of ways of `k` to that of `k + 1`.
  private BigInteger next(BigInteger ways, int k) {
    return ways.multiply(product(firstGroup - k, having - k))
        .divide(product(k + 1, secondGroup - having + k + 1));
  }

  private static BigInteger choose(int n, int k) {
    var ways = BigInteger.ONE;
    for (int i = 1; i <= Math.min(k, n - k); i++) {
      ways = ways.multiply(BigInteger.valueOf(n - i + 1L)).divide(BigInteger.valueOf(i));
    }
    return ways;
  }

  private static BigInteger product(int a, int b) {
    return BigInteger.valueOf((long) a * b);
  }
}
