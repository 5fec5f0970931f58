package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// Rows of Q6_K blocks (see [Q6KRows]) times one vector, eight lanes at a time.
///
/// Lower and upper bits of 32 numbers are put together as 8 ints of 4 bytes.
final class Q6KRowsOfEight implements Rows {

  private static final int BLOCK = 256;
  private static final int HALF = 128;
  private static final int QUARTER = 32;
  private static final int GROUP = 16;
  private static final int GROUPS = 16;
  private static final int ZERO = 32;
  private static final int BYTES = 4;
  private static final int BLOCK_BYTES = StoredAs.Q6_K.blockBytes();
  private static final int UPPER_BITS = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  private static final int LOW = 0x0F0F0F0F;
  private static final int HIGH = 0x30303030;
  private static final int BYTE = 0xFF;

  /// Which scale each lane has: four ints hold 16 elements.
  private static final VectorShuffle<Float> SPREAD =
      VectorShuffle.fromOp(EightLanes.FLOATS, lane -> lane / 4);

  private final MemorySegment weights;
  private final long rowBytes;
  private final int blocks;
  private final float[] x;

  /// @param x see [#arranged]
  Q6KRowsOfEight(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.rowBytes = StoredAs.Q6_K.rowBytes(matrix.columns());
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  /// The values in the order the numbers come out, then `32 Σ x` of each group of 16.
  static float[] arranged(float[] x) {
    float[] all = new float[x.length + x.length / GROUP];
    int next = 0;
    for (int start = 0; start < x.length; start += QUARTER) {
      for (int number = 0; number < BYTES; number++) {
        for (int lane = 0; lane < EightLanes.COUNT; lane++) {
          all[next++] = x[start + BYTES * lane + number];
        }
      }
    }
    for (int start = 0; start < x.length; start += GROUP) {
      all[next++] = ZERO * BlockSums.sum(x, start, GROUP);
    }
    return all;
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      y[row] = one(row);
    }
  }

  private float one(int row) {
    long at = row * rowBytes;
    var sum = FloatVector.zero(EightLanes.FLOATS);
    for (int block = 0; block < blocks; block++, at += BLOCK_BYTES) {
      float d = Lanes.f16(weights, at + D);
      for (int half = 0; half < BLOCK; half += HALF) {
        var scales = EightLanes.signedBytes(weights, at + SCALES + half / GROUP).mul(d);
        sum = scales.neg().fma(x(blocks * BLOCK + block * GROUPS + half / GROUP), sum);
        var now = EightLanes.ints(weights, at + half / 2);
        var then = EightLanes.ints(weights, at + half / 2 + QUARTER);
        var high =
            EightLanes.ints(weights, at + UPPER_BITS + half / 4).lanewise(VectorOperators.ROL, 4);
        for (int quarter = 0; quarter < HALF; quarter += QUARTER) {
          var numbers = now.and(LOW).or(high.and(HIGH));
          var products = FloatVector.zero(EightLanes.FLOATS);
          for (int i = 0; i < QUARTER; i += EightLanes.COUNT) {
            int from = block * BLOCK + half + quarter + i;
            products = EightLanes.floats(numbers.and(BYTE)).fma(x(from), products);
            numbers = numbers.lanewise(VectorOperators.LSHR, Byte.SIZE);
          }
          sum = products.fma(scales.rearrange(SPREAD), sum);
          scales = scales.rearrange(EightLanes.NEXT);
          high = high.lanewise(VectorOperators.ROR, 2);
          var upper = now.lanewise(VectorOperators.LSHR, 4); // after the other's lower halves
          now = then;
          then = upper;
        }
      }
    }
    return AcrossLanes.sum(sum);
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(EightLanes.FLOATS, x, at);
  }
}
