package dev.demur.lab.stats;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/// What the mean of a finite set of scores can be, estimated from some of them that were drawn at
/// random.
///
/// Bounds are Student's, narrowed because the set ends: with all scores known nothing is open. They
/// suppose that scores scatter about normally, and are approximate where they do not.
///
/// Source: Cochran 1977, Sampling Techniques, section 2.8.
///
/// @param known the scores seen
/// @param all how many there are
public record PartMean(Summary known, int all) {

  public PartMean {
    if (known.n() > all) {
      throw new IllegalArgumentException(known.n() + " scores of a set of " + all);
    }
  }

  /// The mean of `all` scores of which these are known.
  ///
  /// @throws IllegalArgumentException if there are none, more than all, or one is not finite
  public static PartMean of(List<Double> known, int all) {
    return new PartMean(Summary.of(known), all);
  }

  /// How far above the mean of the known scores that of all lies with a probability of at most
  /// `error`, and as far below it; 0 once all are known.
  public double reach(double error) {
    int n = known.n();
    if (n == all) {
      return 0;
    }
    if (n == 1) {
      return Double.POSITIVE_INFINITY; // one score tells nothing of how far they scatter
    }
    double open = (double) (all - n) / all;
    double quantile = TDistribution.of(n - 1.0).inverseSurvivalProbability(error);
    return quantile * known.sd() * Math.sqrt(open / n);
  }
}
