package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/// Tests of unpaired samples, and the correction for making many.
///
/// Variants measured on the same prompts belong in [PairedCounts].
public final class Significance {

  private Significance() {}

  /// Fisher's exact test, two-sided: the p-value of "both rates are of the same kind". It adds up
  /// the tables with the same totals that are no likelier than this one.
  ///
  /// Source: Fisher 1935, Journal of the Royal Statistical Society 98; two-sided as R and scipy.
  public static double fisher(Rate first, Rate second) {
    return new Hypergeometric(first.n(), second.n(), first.successes() + second.successes())
        .noLikelierThan(first.successes());
  }

  /// The Mann-Whitney U test, two-sided: the p-value of "neither sample tends to be larger". Exact
  /// for small samples without ties, else the normal approximation with continuity correction.
  public static double mannWhitney(List<Double> first, List<Double> second) {
    return MannWhitneyUTest.withDefaults().test(array(first), array(second)).getPValue();
  }

  /// Holm's step-down correction of p-values, in their order: the family-wise error stays at α when
  /// those at or below α are called significant.
  ///
  /// Source: Holm 1979, Scandinavian Journal of Statistics 6.
  ///
  /// @throws IllegalArgumentException if a value is not in 0 to 1
  public static List<Double> holm(List<Double> pValues) {
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("p-values must be 0 to 1, found " + p);
      }
    }
    int m = pValues.size();
    var order = new ArrayList<>(IntStream.range(0, m).boxed().toList());
    order.sort((i, j) -> Double.compare(pValues.get(i), pValues.get(j)));
    var adjusted = new ArrayList<Double>(Collections.nCopies(m, 1.0));
    double largest = 0;
    for (int rank = 0; rank < m; rank++) {
      int i = order.get(rank);
      largest = Math.max(largest, Math.min(1, (m - rank) * pValues.get(i)));
      adjusted.set(i, largest);
    }
    return List.copyOf(adjusted);
  }

  /// As an array without negative zeros, which the library would rank below zero instead of tied.
  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(value -> value + 0.0).toArray();
  }
}
