package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// Rows of Q4_K blocks (see [Q4KRows]) times one vector, eight lanes at a time.
///
/// 32 bytes, two groups, are read at once as 8 ints of 8 numbers each. A number of the second group
/// is not moved to where it counts: it is converted where it stands, as `16 q`, and what it meets
/// of x was divided by 16. Both are exact.
final class Q4KRowsOfEight implements Rows {

  private static final int BLOCK = 256;
  private static final int PAIR = 64;
  private static final int GROUP = 32;
  private static final int GROUPS = 8;
  private static final int LOW = 0x0F;
  private static final int HIGH = 0xF0;
  private static final int BLOCK_BYTES = StoredAs.Q4_K.blockBytes();

  private static final VectorShuffle<Float> FIRST =
      VectorShuffle.fromOp(EightLanes.FLOATS, lane -> 0);

  private static final VectorShuffle<Float> SECOND =
      VectorShuffle.fromOp(EightLanes.FLOATS, lane -> 1);

  private final MemorySegment weights;
  private final long rowBytes;
  private final int blocks;
  private final float[] x;

  /// @param x see [#arranged]
  Q4KRowsOfEight(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.rowBytes = StoredAs.Q4_K.rowBytes(matrix.columns());
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  /// The values in the order the numbers come out, by the size they come out in, then the sums of
  /// groups.
  static float[] arranged(float[] x) {
    float[] all = new float[x.length + x.length / GROUP];
    int next = 0;
    for (int start = 0; start < x.length; start += PAIR) {
      for (int number = 0; number < GROUPS; number++) {
        float size = number % 2 == 0 ? 1 : 1f / 16;
        for (int lane = 0; lane < EightLanes.COUNT; lane++) {
          all[next++] = size * x[start + number % 2 * GROUP + 4 * lane + number / 2];
        }
      }
    }
    for (int start = 0; start < x.length; start += GROUP) {
      all[next++] = BlockSums.sum(x, start, GROUP);
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
    var evens = FloatVector.zero(EightLanes.FLOATS);
    var odds = evens;
    for (int block = 0; block < blocks; block++, at += BLOCK_BYTES) {
      int four = weights.get(Lanes.INT, at + 4);
      int leastFour = weights.get(Lanes.INT, at + 8);
      int lower = weights.get(Lanes.INT, at + 12);
      var least = EightLanes.floats(Q4KRows.scales(leastFour, lower >>> 4));
      var sums = x(blocks * BLOCK + block * GROUPS);
      odds = least.mul(-Lanes.f16(weights, at + 2)).fma(sums, odds);
      var scales = EightLanes.floats(Q4KRows.scales(four, lower)).mul(Lanes.f16(weights, at));
      for (int pair = 0; pair < BLOCK; pair += PAIR) {
        var numbers = EightLanes.ints(weights, at + 16 + pair / 2);
        var even = FloatVector.zero(EightLanes.FLOATS);
        var odd = even;
        for (int i = 0; i < PAIR; i += 2 * EightLanes.COUNT) {
          int from = block * BLOCK + pair + i;
          even = number(numbers, LOW).fma(x(from), even);
          odd = number(numbers, HIGH).fma(x(from + EightLanes.COUNT), odd);
          numbers = numbers.lanewise(VectorOperators.LSHR, Byte.SIZE);
        }
        evens = even.fma(scales.rearrange(FIRST), evens);
        odds = odd.fma(scales.rearrange(SECOND), odds);
        scales = scales.rearrange(EightLanes.NEXT);
      }
    }
    return AcrossLanes.sum(evens.add(odds));
  }

  private static FloatVector number(IntVector numbers, int mask) {
    return EightLanes.floats(numbers.and(mask));
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(EightLanes.FLOATS, x, at);
  }
}
