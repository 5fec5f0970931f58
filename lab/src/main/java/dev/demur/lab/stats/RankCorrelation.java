package dev.demur.lab.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/// Spearman's rank correlation, with a test by permutation and what leaving one item out makes of
/// it: few items are the rule where directions are the items.
///
/// @param n how many items
/// @param rho −1 to 1; 0 where one of the two does not vary
/// @param pValue share of permutations with a |ρ| as large, the data counted as one
/// @param lowest ρ with one item left out
/// @param highest the same
public record RankCorrelation(int n, double rho, double pValue, double lowest, double highest) {

  private static final int DRAWS = 1999;

  /// Fewer items give no correlation.
  public static final int LEAST = 4;

  /// The correlation of two lists in the same order.
  ///
  /// @throws IllegalArgumentException if they differ in length or are shorter than [#LEAST]
  public static RankCorrelation of(
      List<Double> first, List<Double> second, UniformRandomProvider random) {
    if (first.size() != second.size() || first.size() < LEAST) {
      throw new IllegalArgumentException(
          "a rank correlation needs two lists of one length of at least "
              + LEAST
              + ", were "
              + first.size()
              + " and "
              + second.size());
    }
    double[] one = ranks(first);
    double[] two = ranks(second);
    double rho = pearson(one, two);
    int[] order = IntStream.range(0, two.length).toArray();
    int asLarge = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      PermutationSampler.shuffle(random, order);
      double[] shuffled = Arrays.stream(order).mapToDouble(i -> two[i]).toArray();
      // Sums in another order differ in their last digits.
      if (Math.abs(pearson(one, shuffled)) >= Math.abs(rho) - 1e-12) {
        asLarge++;
      }
    }
    var without =
        IntStream.range(0, first.size())
            .mapToDouble(i -> pearson(ranks(without(first, i)), ranks(without(second, i))))
            .summaryStatistics();
    return new RankCorrelation(
        first.size(), rho, (1.0 + asLarge) / (1 + DRAWS), without.getMin(), without.getMax());
  }

  private static List<Double> without(List<Double> values, int place) {
    var left = new ArrayList<>(values);
    left.remove(place);
    return left;
  }

  /// Ranks from 1, the mean rank for ties.
  private static double[] ranks(List<Double> values) {
    var order =
        IntStream.range(0, values.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> values.get(i)))
            .toList();
    var ranks = new double[values.size()];
    int from = 0;
    while (from < order.size()) {
      int to = from;
      while (to + 1 < order.size()
          && values.get(order.get(to + 1)).equals(values.get(order.get(from)))) {
        to++;
      }
      for (int i = from; i <= to; i++) {
        ranks[order.get(i)] = (from + to) / 2.0 + 1;
      }
      from = to + 1;
    }
    return ranks;
  }

  private static double pearson(double[] one, double[] two) {
    double first = Arrays.stream(one).average().orElse(0);
    double second = Arrays.stream(two).average().orElse(0);
    double product = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += (one[i] - first) * (two[i] - second);
      squares += (one[i] - first) * (one[i] - first);
      others += (two[i] - second) * (two[i] - second);
    }
    return squares == 0 || others == 0 ? 0 : product / Math.sqrt(squares * others);
  }
}
