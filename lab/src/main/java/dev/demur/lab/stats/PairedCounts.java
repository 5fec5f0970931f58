package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Two variants judged on the same prompts.
///
/// @param both prompts on which both have the property
/// @param onlyFirst only the first has it
/// @param onlySecond only the second has it
/// @param neither none has it
public record PairedCounts(int both, int onlyFirst, int onlySecond, int neither) {

  public PairedCounts {
    if (both < 0 || onlyFirst < 0 || onlySecond < 0 || neither < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "counts must be >= 0, were %d, %d, %d, %d",
              both,
              onlyFirst,
              onlySecond,
              neither));
    }
    if (both + onlyFirst + onlySecond + neither == 0) {
      throw new IllegalArgumentException("at least one pair is needed");
    }
  }

  /// Counts the pairs of two label lists in the same order.
  ///
  /// @throws IllegalArgumentException if they differ in length
  public static PairedCounts of(List<Boolean> first, List<Boolean> second) {
    requirePairs(first, second);
    int[] counts = new int[4];
    for (int i = 0; i < first.size(); i++) {
      counts[(first.get(i) ? 0 : 2) + (second.get(i) ? 0 : 1)]++;
    }
    return new PairedCounts(counts[0], counts[1], counts[2], counts[3]);
  }

  /// Counts the pairs in which both can be looked at.
  ///
  /// @param counts whether one can be looked at
  /// @param has whether it has the property
  /// @return empty where there is no such pair
  /// @throws IllegalArgumentException if the lists differ in length
  public static <T> Optional<PairedCounts> of(
      List<T> first, List<T> second, Predicate<T> counts, Predicate<T> has) {
    requirePairs(first, second);
    var before = new ArrayList<Boolean>();
    var after = new ArrayList<Boolean>();
    for (int i = 0; i < first.size(); i++) {
      if (counts.test(first.get(i)) && counts.test(second.get(i))) {
        before.add(has.test(first.get(i)));
        after.add(has.test(second.get(i)));
      }
    }
    return before.isEmpty() ? Optional.empty() : Optional.of(of(before, after));
  }

  private static void requirePairs(List<?> first, List<?> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "pairs need lists of one length, were " + first.size() + " and " + second.size());
    }
  }

  /// How many pairs there are.
  public int n() {
    return both + onlyFirst + onlySecond + neither;
  }

  /// The first variant's rate.
  public Rate first() {
    return new Rate(both + onlyFirst, n());
  }

  /// The second variant's rate.
  public Rate second() {
    return new Rate(both + onlySecond, n());
  }

  /// First share minus second share, −1 to 1.
  public double riskDifference() {
    return (double) (onlyFirst - onlySecond) / n();
  }

  /// Exact two-sided McNemar test: the p-value of "both variants have the property equally often".
  /// Only the pairs that differ count; without any it is 1.
  ///
  /// Source: McNemar 1947, Psychometrika 12, with the binomial distribution in place of χ².
  public double mcNemar() {
    return Binomial.signTest(onlyFirst, onlySecond);
  }

  /// Score interval of the paired risk difference. It stays within −1 to 1 and has a width also
  /// when no pair differs.
  ///
  /// Source: Tango 1998, Statistics in Medicine 17: the differences δ whose score statistic, with
  /// the nuisance parameter at its maximum likelihood under δ, stays within ± z.
  public Interval riskDifferenceInterval(double level) {
    double z = Levels.z(level);
    double estimate = riskDifference();
    double low = estimate <= -1 ? -1 : Bisection.crossing(d -> score(d) - z, -1, estimate);
    double high = estimate >= 1 ? 1 : Bisection.crossing(d -> score(d) + z, estimate, 1);
    return new Interval(low, high, level, "Tango score");
  }

  private double score(double difference) {
    double variance = n() * (2 * onlySecondShare(difference) + difference * (1 - difference));
    double numerator = onlyFirst - onlySecond - n() * difference;
    if (variance <= 0) { // at ±1 and at 0 without discordant pairs
      return numerator == 0 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, numerator);
    }
    return numerator / Math.sqrt(variance);
  }

  /// The most likely share of "only second" when the risk difference is given.
  private double onlySecondShare(double difference) {
    double a = 2.0 * n();
    double b = -onlyFirst - onlySecond + (2.0 * n() - onlyFirst + onlySecond) * difference;
    double c = -onlySecond * difference * (1 - difference);
    double root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
    return (root - b) / (2 * a);
  }
}
