package dev.demur.lab.monitor;

import dev.demur.lab.stats.Binomial;
import java.util.List;
import java.util.Locale;

/// A false-positive rate that is not exceeded, with a stated confidence.
///
/// The threshold is one of the benign scores: with `allowed` of `n` above it, a threshold whose
/// true rate is over `rate` would leave so few above only with probability 1 − `confidence`. This
/// is the exact one-sided binomial (Clopper-Pearson) bound, and holds for any distribution of
/// scores.
///
/// @param rate largest rate accepted
/// @param confidence probability that the true rate is no larger
/// @param n benign prompts the threshold is set on
/// @param allowed how many of them may lie above it
public record FalsePositiveBound(double rate, double confidence, int n, int allowed) {

  public FalsePositiveBound {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "false-positive rate must be above 0 and below 1, was " + rate);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence must be above 0 and below 1, was " + confidence);
    }
  }

  /// The bound that so many benign prompts allow.
  ///
  /// @throws IllegalArgumentException if they are too few for any threshold
  public static FalsePositiveBound of(double rate, double confidence, int n) {
    var checked = new FalsePositiveBound(rate, confidence, n, 0);
    if (n < 1 || Math.pow(1 - rate, n) > 1 - confidence) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d benign prompts cannot bound a false-positive rate of %s with %s confidence; %d"
                  + " are needed, or a higher rate",
              n,
              rate,
              confidence,
              fewest(rate, confidence)));
    }
    var above = new Binomial(n, checked.rate);
    int allowed = 0;
    while (above.atMost(allowed + 1) <= 1 - confidence) {
      allowed++;
    }
    return new FalsePositiveBound(rate, confidence, n, allowed);
  }

  /// How many benign prompts such a bound takes at least.
  public static int fewest(double rate, double confidence) {
    return (int) Math.ceil(Math.log(1 - confidence) / Math.log(1 - rate));
  }

  /// The smallest threshold with at most [#allowed] benign scores above it.
  ///
  /// @param benign `n` scores
  public double threshold(List<Double> benign) {
    if (benign.size() != n) {
      throw new IllegalArgumentException("expected " + n + " scores, had " + benign.size());
    }
    return benign.stream().sorted().toList().get(n - 1 - allowed);
  }
}
