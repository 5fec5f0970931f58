package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// Rows of Q6_K blocks times one vector.
///
/// A block of 256 elements: 128 bytes with the lower 4 bits of each, 64 with the upper 2, a signed
/// byte of scale for each 16, a float16 scale of scales. An element is `d · scale · (q − 32)`. Read
/// like Q4_K (see [Q4KRows]): q becomes `1 + q / 64`.
final class Q6KRows implements Rows {

  private static final int BLOCK = 256;
  private static final int HALF = 128;
  private static final int QUARTER = 32;
  private static final int GROUP = 16;
  private static final int GROUPS = 16;
  private static final int NUMBERS = 64;
  private static final int ZERO = 32;
  private static final int BLOCK_BYTES = StoredAs.Q6_K.blockBytes();
  private static final int UPPER_BITS = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  private static final int ONE = 0x3F800000;
  private static final int LOWER_MANTISSA = 0x001E0000;
  private static final int UPPER_MANTISSA = 0x00600000;

  /// The 8 ints of upper bits serve both halves of the lanes; each half wants other bits of them.
  private static final VectorShuffle<Integer> TWICE =
      VectorShuffle.fromOp(Lanes.INTS, lane -> lane % 8);

  private static final IntVector BITS =
      IntVector.zero(Lanes.INTS).blend(2, VectorMask.fromLong(Lanes.INTS, 0xFF00));

  private static final VectorShuffle<Integer> OTHER_HALF =
      VectorShuffle.fromOp(Lanes.INTS, lane -> (lane + 8) % Lanes.COUNT);

  /// Which scale each lane has: four ints hold 16 elements.
  private static final VectorShuffle<Float> SPREAD =
      VectorShuffle.fromOp(Lanes.FLOATS, lane -> lane / 4);

  /// Brings the next four scales to the front.
  private static final VectorShuffle<Float> NEXT =
      VectorShuffle.fromOp(Lanes.FLOATS, lane -> (lane + 4) % Lanes.COUNT);

  private final MemorySegment weights;
  private final long rowBytes;
  private final int blocks;
  private final float[] x;

  /// @param x see [#arranged]
  Q6KRows(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.rowBytes = StoredAs.Q6_K.rowBytes(matrix.columns());
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  /// The values in the order the numbers come out, then `1.5 Σ x` of each group of 16.
  static float[] arranged(float[] x) {
    float[] all = new float[x.length + x.length / GROUP];
    int next = 0;
    for (int start = 0; start < x.length; start += HALF) {
      for (int number = 0; number < 8; number++) {
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          int at = 4 * lane + number % 4; // byte of the lower bits, upper halves after lower ones
          all[next++] = x[start + number / 4 * 2 * QUARTER + at];
        }
      }
    }
    for (int start = 0; start < x.length; start += GROUP) {
      all[next++] = (1 + (float) ZERO / NUMBERS) * BlockSums.sum(x, start, GROUP);
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
    var sum = FloatVector.zero(Lanes.FLOATS);
    for (int block = 0; block < blocks; block++, at += BLOCK_BYTES) {
      var scales =
          Lanes.signedBytes(weights, at + SCALES).mul(NUMBERS * Lanes.f16(weights, at + D));
      sum = scales.neg().fma(x(blocks * BLOCK + block * GROUPS), sum);
      var bits = ints(at + UPPER_BITS); // 8 ints for the first half, 8 for the second
      for (int half = 0; half < BLOCK; half += HALF) {
        var low = ints(at + half / 2).lanewise(VectorOperators.ROL, 17);
        var high =
            bits.rearrange(TWICE)
                .lanewise(VectorOperators.LSHR, BITS)
                .lanewise(VectorOperators.ROL, 21);
        for (int upper = half; upper < half + HALF; upper += HALF / 2) {
          var products = FloatVector.zero(Lanes.FLOATS);
          int from = block * BLOCK + upper;
          for (int i = 0; i < HALF / 2; i += Lanes.COUNT) {
            products = number(low, high).fma(x(from + i), products);
            low = low.lanewise(VectorOperators.ROR, 8);
            high = high.lanewise(VectorOperators.ROR, 8);
          }
          sum = products.fma(scales.rearrange(SPREAD), sum);
          scales = scales.rearrange(NEXT);
          low = low.lanewise(VectorOperators.ROR, 4); // on to the upper halves of the bytes
          high = high.lanewise(VectorOperators.ROR, 4);
        }
        bits = bits.rearrange(OTHER_HALF);
      }
    }
    return AcrossLanes.sum(sum);
  }

  /// `1 + q / 64` of what stands at the top of the mantissa.
  private static FloatVector number(IntVector low, IntVector high) {
    return low.and(LOWER_MANTISSA).or(high.and(UPPER_MANTISSA)).or(ONE).reinterpretAsFloats();
  }

  private IntVector ints(long at) {
    return IntVector.fromMemorySegment(Lanes.INTS, weights, at, Lanes.ORDER);
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(Lanes.FLOATS, x, at);
  }
}
