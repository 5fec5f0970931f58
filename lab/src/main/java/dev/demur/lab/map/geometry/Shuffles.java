package dev.demur.lab.map.geometry;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;

/// The test that labels mean nothing: numbers of two kinds of prompts against the same numbers with
/// the labels shuffled. Where the labels do mean nothing, p ≤ α has a chance of at most α.
public final class Shuffles {

  private static final int DRAWS = 4999;

  private Shuffles() {}

  /// Share of shuffles in which the means differ as much, the data counted as one.
  static double pValue(double[] target, double[] contrast, UniformRandomProvider random) {
    double[] all = DoubleStream.concat(Arrays.stream(target), Arrays.stream(contrast)).toArray();
    double sum = Arrays.stream(all).sum();
    double seen = difference(all, target.length, sum);
    // Sums in another order differ in their last digits.
    double equal = seen - 1e-12 * Math.max(1, Math.abs(seen));
    int asLarge = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      ArraySampler.shuffle(random, all);
      if (difference(all, target.length, sum) >= equal) {
        asLarge++;
      }
    }
    return (1.0 + asLarge) / (1 + DRAWS);
  }

  private static double difference(double[] values, int first, double all) {
    double part = 0;
    for (int i = 0; i < first; i++) {
      part += values[i];
    }
    return Math.abs(part / first - (all - part) / (values.length - first));
  }
}
