package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/// Two scores of the same prompts, as their differences.
///
/// @param differences first minus second, one a prompt, at least two
public record PairedScores(Summary differences) {

  public PairedScores {
    if (differences.n() < 2) {
      throw new IllegalArgumentException(
          "a paired comparison needs at least 2 prompts, got " + differences.n());
    }
  }

  /// The differences of two score lists in the same order.
  ///
  /// @throws IllegalArgumentException if they differ in length, are shorter than 2 or hold a number
  ///   that is not finite
  public static PairedScores of(List<Double> first, List<Double> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "pairs need lists of one length, were " + first.size() + " and " + second.size());
    }
    var differences = new ArrayList<Double>();
    for (int i = 0; i < first.size(); i++) {
      differences.add(first.get(i) - second.get(i));
    }
    return new PairedScores(Summary.of(differences));
  }

  /// Mean difference, in the unit of the scores.
  public double mean() {
    return differences.mean();
  }

  /// Student's paired test, two-sided: the p-value of "the means are equal". Where all differences
  /// are the same it is 1 for no difference and 0 for any other.
  ///
  /// Source: Student 1908, Biometrika 6.
  public double pValue() {
    double error = error();
    if (error == 0) {
      return mean() == 0 ? 1 : 0;
    }
    return 2 * students().survivalProbability(Math.abs(mean()) / error);
  }

  /// Student's interval of the mean difference.
  public Interval interval(double level) {
    Levels.check(level);
    double reach = students().inverseSurvivalProbability((1 - level) / 2) * error();
    return new Interval(mean() - reach, mean() + reach, level, "Student");
  }

  private double error() {
    return differences.sd() / Math.sqrt(differences.n());
  }

  private TDistribution students() {
    return TDistribution.of(differences.n() - 1.0);
  }
}
