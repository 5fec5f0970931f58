package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Rows of blocks of 32 elements times one vector: `Σ scale · Σ q x + least · Σ x` over blocks,
/// where the inner sums of x are made once for all rows.
final class ShortBlockRows implements Rows {

  private static final int BLOCK = 32;

  private final StoredAs type;
  private final MemorySegment weights;
  private final long rowBytes;
  private final int blockBytes;
  private final int blocks;
  private final float[] x;

  /// @param matrix stored as Q8_0, Q4_0 or Q4_1
  /// @param x see [#arranged]
  ShortBlockRows(RowMatrix matrix, float[] x) {
    this.type = matrix.type();
    this.weights = matrix.plain();
    this.rowBytes = type.rowBytes(matrix.columns());
    this.blockBytes = type.blockBytes();
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  /// The values, then the sum of each block.
  static float[] arranged(float[] x) {
    return BlockSums.behind(x, BLOCK);
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    switch (type) {
      case Q8_0 -> bytes(from, to, y);
      case Q4_0 -> around8(from, to, y);
      case Q4_1 -> fromLeast(from, to, y);
      default -> throw new IllegalStateException(type + " has other blocks");
    }
  }

  /// A float16 scale and 32 bytes.
  private void bytes(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      var sum = FloatVector.zero(Lanes.FLOATS);
      long block = row * rowBytes;
      for (int b = 0; b < blocks; b++, block += blockBytes) {
        var scale = FloatVector.broadcast(Lanes.FLOATS, Lanes.f16(weights, block));
        var products = Lanes.signedBytes(weights, block + 2).mul(x(b, 0));
        products = Lanes.signedBytes(weights, block + 18).fma(x(b, 1), products);
        sum = products.fma(scale, sum);
      }
      y[row] = AcrossLanes.sum(sum);
    }
  }

  /// A float16 scale and 32 times 4 bits, the lower halves of 16 bytes before the upper ones; 8
  /// stands for 0.
  private void around8(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      var sum = FloatVector.zero(Lanes.FLOATS);
      float offset = 0;
      long block = row * rowBytes;
      for (int b = 0; b < blocks; b++, block += blockBytes) {
        float scale = Lanes.f16(weights, block);
        var numbers = Lanes.unsignedBytes(weights, block + 2);
        var products = Lanes.floats(numbers.and(0xF)).mul(x(b, 0));
        var upper = Lanes.floats(numbers.lanewise(VectorOperators.LSHR, 4));
        products = upper.fma(x(b, 1), products);
        sum = products.fma(FloatVector.broadcast(Lanes.FLOATS, scale), sum);
        offset = Math.fma(-8 * scale, sum(b), offset);
      }
      y[row] = AcrossLanes.sum(sum) + offset;
    }
  }

  /// A float16 scale, a float16 least value and 32 times 4 bits as in Q4_0.
  private void fromLeast(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      var sum = FloatVector.zero(Lanes.FLOATS);
      float offset = 0;
      long block = row * rowBytes;
      for (int b = 0; b < blocks; b++, block += blockBytes) {
        float scale = Lanes.f16(weights, block);
        var numbers = Lanes.unsignedBytes(weights, block + 4);
        var products = Lanes.floats(numbers.and(0xF)).mul(x(b, 0));
        var upper = Lanes.floats(numbers.lanewise(VectorOperators.LSHR, 4));
        products = upper.fma(x(b, 1), products);
        sum = products.fma(FloatVector.broadcast(Lanes.FLOATS, scale), sum);
        offset = Math.fma(Lanes.f16(weights, block + 2), sum(b), offset);
      }
      y[row] = AcrossLanes.sum(sum) + offset;
    }
  }

  private FloatVector x(int block, int half) {
    return FloatVector.fromArray(Lanes.FLOATS, x, block * BLOCK + half * Lanes.COUNT);
  }

  private float sum(int block) {
    return x[blocks * BLOCK + block];
  }
}
