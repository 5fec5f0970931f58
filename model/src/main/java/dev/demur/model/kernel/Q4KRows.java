package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Rows of Q4_K blocks times one vector.
///
/// A block of 256 elements: float16 scales of scales and of least values, 12 bytes with eight of
/// each (6 bits), 128 bytes of 4-bit numbers q. An element is `d · scale · q − dmin · least`.
///
/// 64 bytes are read at once as 16 ints, of which each holds 8 numbers; x is put in the order in
/// which they come out. A number is never converted: put into the upper bits of the mantissa of 1,
/// it makes `1 + q / 16`, and the ones are taken off again with the sums of x.
final class Q4KRows implements Rows {

  private static final int BLOCK = 256;
  private static final int HALF = 128;
  private static final int GROUP = 32;
  private static final int GROUPS = 8;
  private static final int NUMBERS = 16;
  private static final int BLOCK_BYTES = StoredAs.Q4_K.blockBytes();

  private static final int ONE = 0x3F800000;
  private static final int MANTISSA = 0x00780000;

  private static final VectorSpecies<Integer> HEAD = IntVector.SPECIES_128;
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(Lanes.FLOATS, 0xFF00);

  /// Which scale each lane has: the first 8 ints hold two groups, the others the next two.
  private static final VectorShuffle<Float> EVEN = lanes(0, 2);

  private static final VectorShuffle<Float> ODD = lanes(1, 3);

  /// Brings the scales of the second half to the front.
  private static final VectorShuffle<Float> NEXT =
      VectorShuffle.fromOp(Lanes.FLOATS, lane -> (lane + GROUPS / 2) % Lanes.COUNT);

  private final MemorySegment weights;
  private final long rowBytes;
  private final int blocks;
  private final float[] x;

  /// @param x see [#arranged]
  Q4KRows(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.rowBytes = StoredAs.Q4_K.rowBytes(matrix.columns());
    this.blocks = matrix.columns() / BLOCK;
    this.x = x;
  }

  /// The values in the order the numbers come out, then for each block the sums of its eight
  /// groups, twice.
  static float[] arranged(float[] x) {
    int blocks = x.length / BLOCK;
    float[] all = new float[x.length + blocks * 2 * GROUPS];
    int next = 0;
    for (int start = 0; start < x.length; start += HALF) {
      for (int number = 0; number < GROUPS; number++) {
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          int at = 4 * lane + number / 2;
          all[next++] = x[start + at / GROUP * 2 * GROUP + number % 2 * GROUP + at % GROUP];
        }
      }
    }
    for (int block = 0; block < blocks; block++) {
      for (int group = 0; group < GROUPS; group++) {
        float sum = BlockSums.sum(x, block * BLOCK + group * GROUP, GROUP);
        all[next + group] = sum;
        all[next + GROUPS + group] = sum;
      }
      next += 2 * GROUPS;
    }
    return all;
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      y[row] = one(row);
    }
  }

  /// In float32, `16 d · scale` of the eight groups, then `dmin · least`, take part in the
  /// products.
  private float one(int row) {
    long at = row * rowBytes;
    var sum = FloatVector.zero(Lanes.FLOATS);
    for (int block = 0; block < blocks; block++, at += BLOCK_BYTES) {
      var head = IntVector.fromMemorySegment(HEAD, weights, at, Lanes.ORDER);
      var bytes =
          LongVector.zero(LongVector.SPECIES_128)
              .withLane(0, scales(head.lane(1), head.lane(3)))
              .withLane(1, scales(head.lane(2), head.lane(3) >>> 4))
              .reinterpretAsBytes();
      var scales = Lanes.floats(bytes).mul(factors(head.lane(0)));
      sum = scales.neg().fma(x(blocks * BLOCK + block * 2 * GROUPS), sum);
      for (int half = 0; half < BLOCK; half += HALF) {
        int from = block * BLOCK + half;
        var numbers =
            IntVector.fromMemorySegment(Lanes.INTS, weights, at + 16 + half / 2, Lanes.ORDER)
                .lanewise(VectorOperators.ROL, 19);
        var even = FloatVector.zero(Lanes.FLOATS);
        var odd = even;
        for (int i = 0; i < HALF; i += 2 * Lanes.COUNT) {
          even = number(numbers).fma(x(from + i), even);
          numbers = numbers.lanewise(VectorOperators.ROR, 4);
          odd = number(numbers).fma(x(from + i + Lanes.COUNT), odd);
          numbers = numbers.lanewise(VectorOperators.ROR, 4);
        }
        sum = even.fma(scales.rearrange(EVEN), sum);
        sum = odd.fma(scales.rearrange(ODD), sum);
        scales = scales.rearrange(NEXT);
      }
    }
    return AcrossLanes.sum(sum);
  }

  /// Eight numbers of 6 bits, of the scales or of the least values: four in one int, of the other
  /// four the lower bits in another and the upper ones above the first four.
  static long scales(int four, int lowerBits) {
    return (four & 0x3F3F3F3FL)
        | (long) ((lowerBits & 0x0F0F0F0F) | (four >>> 2 & 0x30303030)) << Integer.SIZE;
  }

  /// What the scales are multiplied with, `16 d`, and what the least values are, `dmin`.
  private static FloatVector factors(int both) {
    return FloatVector.broadcast(Lanes.FLOATS, NUMBERS * Float.float16ToFloat((short) both))
        .blend(Float.float16ToFloat((short) (both >>> Short.SIZE)), UPPER);
  }

  /// `1 + q / 16` of the numbers that stand at the top of the mantissa.
  private static FloatVector number(IntVector turned) {
    return turned.and(MANTISSA).or(ONE).reinterpretAsFloats();
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(Lanes.FLOATS, x, at);
  }

  private static VectorShuffle<Float> lanes(int lower, int upper) {
    return VectorShuffle.fromOp(Lanes.FLOATS, lane -> lane < 8 ? lower : upper);
  }
}
