package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Rows of blocks of 32 elements (see [ShortBlockRows]) times one vector, eight lanes at a time.
final class ShortBlockRowsOfEight implements Rows {

  private static final int BLOCK = 32;
  private static final int HALF = 16;
  private static final int LOW = 0x0F;

  private final StoredAs type;
  private final MemorySegment weights;
  private final long rowBytes;
  private final int blockBytes;
  private final int blocks;
  private final float[] x;

  /// @param matrix stored as Q8_0, Q4_0 or Q4_1
  /// @param x see [ShortBlockRows#arranged]
  ShortBlockRowsOfEight(RowMatrix matrix, float[] x) {
    this.type = matrix.type();
    this.weights = matrix.plain();
    this.rowBytes = type.rowBytes(matrix.columns());
    this.blockBytes = type.blockBytes();
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      y[row] = type == StoredAs.Q8_0 ? bytes(row) : halfBytes(row);
    }
  }

  /// A float16 scale and 32 bytes.
  private float bytes(int row) {
    var sum = FloatVector.zero(EightLanes.FLOATS);
    long at = row * rowBytes;
    for (int block = 0; block < blocks; block++, at += blockBytes) {
      var products = FloatVector.zero(EightLanes.FLOATS);
      for (int i = 0; i < BLOCK; i += EightLanes.COUNT) {
        products = EightLanes.signedBytes(weights, at + 2 + i).fma(x(block * BLOCK + i), products);
      }
      var scale = FloatVector.broadcast(EightLanes.FLOATS, Lanes.f16(weights, at));
      sum = products.fma(scale, sum);
    }
    return AcrossLanes.sum(sum);
  }

  /// A float16 scale, in Q4_1 a float16 least value, and 32 times 4 bits, the lower halves of 16
  /// bytes before the upper ones; in Q4_0 8 stands for 0.
  private float halfBytes(int row) {
    var sum = FloatVector.zero(EightLanes.FLOATS);
    float offset = 0;
    long at = row * rowBytes;
    int head = blockBytes - HALF;
    for (int block = 0; block < blocks; block++, at += blockBytes) {
      float scale = Lanes.f16(weights, at);
      float least = type == StoredAs.Q4_1 ? Lanes.f16(weights, at + 2) : -8 * scale;
      var lower = FloatVector.zero(EightLanes.FLOATS);
      var upper = lower;
      for (int i = 0; i < HALF; i += EightLanes.COUNT) {
        var numbers = EightLanes.unsignedBytes(weights, at + head + i);
        lower = EightLanes.floats(numbers.and(LOW)).fma(x(block * BLOCK + i), lower);
        numbers = numbers.lanewise(VectorOperators.LSHR, 4);
        upper = EightLanes.floats(numbers).fma(x(block * BLOCK + HALF + i), upper);
      }
      sum = lower.add(upper).fma(FloatVector.broadcast(EightLanes.FLOATS, scale), sum);
      offset = Math.fma(least, x[blocks * BLOCK + block], offset);
    }
    return AcrossLanes.sum(sum) + offset;
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(EightLanes.FLOATS, x, at);
  }
}
