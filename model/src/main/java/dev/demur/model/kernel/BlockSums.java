package dev.demur.model.kernel;

import java.util.Arrays;

/// Sums of a vector's blocks: what a block's offset is multiplied with, in every row.
final class BlockSums {

  private BlockSums() {}

  /// A copy of x with the sum of each `length` of its values behind it.
  static float[] behind(float[] x, int length) {
    float[] all = Arrays.copyOf(x, x.length + x.length / length);
    for (int block = 0; block < x.length / length; block++) {
      all[x.length + block] = sum(x, block * length, length);
    }
    return all;
  }

  /// The sum of some values, accumulated in float64.
  static float sum(float[] x, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += x[i];
    }
    return (float) sum;
  }
}
