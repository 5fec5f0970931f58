package dev.demur.model.generate;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tokens from the likeliest down, the first of equals first. Sorts no more of them than are asked
/// for: a few dozen of a vocabulary of 150,000 mostly.
final class Likeliest {

  /// Each helping holds the tokens down to this share of the one before.
  private static final double HELPING = 1e-3;

  private final float[] p;
  private int[] sorted = {};
  private double floor;

  /// @param p probability of each token
  Likeliest(float[] p) {
    this.p = p;
    double largest = 0;
    for (float each : p) {
      largest = Math.max(largest, each);
    }
    this.floor = largest;
  }

  /// Draws from the smallest set of likeliest tokens with at least so much probability.
  int draw(double topP, SplittableRandom random) {
    double mass = topP >= 1 ? sum() : mass(topP);
    double left = random.nextDouble() * mass;
    int last = 0;
    for (int rank = 0; hasRank(rank); rank++) {
      last = sorted[rank];
      left -= p[last];
      if (left < 0) {
        return last;
      }
    }
    return last;
  }

  private double sum() {
    double sum = 0;
    for (float each : p) {
      sum += each;
    }
    return sum;
  }

  private double mass(double topP) {
    double mass = 0;
    for (int rank = 0; mass < topP && hasRank(rank); rank++) {
      mass += p[sorted[rank]];
    }
    return mass;
  }

  /// Whether there is such a rank; sorts on until it is known.
  private boolean hasRank(int rank) {
    while (rank >= sorted.length && floor > 0) {
      sortOn();
    }
    return rank < sorted.length;
  }

  private void sortOn() {
    double above = floor;
    boolean first = sorted.length == 0;
    // What is below the smallest normal number is never drawn.
    floor = floor * HELPING < Float.MIN_NORMAL ? 0 : floor * HELPING;
    long[] keys =
        IntStream.range(0, p.length)
            .filter(id -> p[id] > floor && (first || p[id] <= above))
            .mapToLong(id -> key(id))
            .toArray();
    Arrays.sort(keys);
    int before = sorted.length;
    sorted = Arrays.copyOf(sorted, before + keys.length);
    for (int i = 0; i < keys.length; i++) {
      sorted[before + i] = (int) keys[i];
    }
  }

  /// Sorts by falling probability, then by id: the bits of positive floats rise as they do.
  private long key(int id) {
    return ((long) (Integer.MAX_VALUE - Float.floatToIntBits(p[id])) << Integer.SIZE) | id;
  }
}
