package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Rows of a bfloat16 matrix times one vector.
///
/// A bfloat16 number is the upper half of a float32. Two neighbours are read as one int: shifted
/// left it is the even one, with its lower half cleared the odd one. So x is split into its even
/// and odd elements once, and no lane ever moves.
final class Bf16Rows implements Rows {

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final int UPPER_HALF = 0xFFFF0000;

  private final MemorySegment weights;
  private final int columns;

  /// Even elements, then odd ones, then what fills no whole vector.
  private final float[] x;

  /// Pairs of columns that fill whole vectors; what is left is done one by one.
  private final int vectorPairs;

  /// @param x see [#arranged]
  Bf16Rows(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.columns = matrix.columns();
    this.x = x;
    this.vectorPairs = INTS.loopBound(x.length / 2);
  }

  /// The values as the kernel reads them: even and odd ones apart.
  static float[] arranged(float[] x) {
    int pairs = INTS.loopBound(x.length / 2);
    float[] all = x.clone();
    for (int i = 0; i < pairs; i++) {
      all[i] = x[2 * i];
      all[pairs + i] = x[2 * i + 1];
    }
    return all;
  }

  /// Two rows at once, half of them apart: one place that is read in order leaves a part of the
  /// memory's rate unused, two neighbouring rows as well.
  @Override
  public void multiply(int from, int to, float[] y) {
    int half = (to - from + 1) / 2;
    float[] sums = new float[2 * FLOATS.length()];
    for (int row = from; row < from + half; row++) {
      int other = Math.min(row + half, to - 1); // of an odd number, the last is made twice
      two(weights, start(row), start(other), vectorPairs, x, sums);
      y[row] = AcrossLanes.sum(vector(sums, 0)) + rest(row);
      y[other] = AcrossLanes.sum(vector(sums, FLOATS.length())) + rest(other);
    }
  }

  private long start(int row) {
    return (long) row * columns * Short.BYTES;
  }

  /// The products of the rows that begin at two bytes, lane by lane. Each has two sums, because
  /// each addition waits for the one before it. Static: what a loop finds in fields takes registers
  /// from it.
  ///
  /// @param sums written, those of the second behind those of the first
  private static void two(
      MemorySegment weights, long one, long other, int pairs, float[] x, float[] sums) {
    var even0 = FloatVector.zero(FLOATS);
    var odd0 = even0;
    var even1 = even0;
    var odd1 = even0;
    for (int i = 0; i < pairs; i += INTS.length()) {
      long at = (long) i * Integer.BYTES;
      var w0 = IntVector.fromMemorySegment(INTS, weights, one + at, ORDER);
      var w1 = IntVector.fromMemorySegment(INTS, weights, other + at, ORDER);
      var even = vector(x, i);
      var odd = vector(x, pairs + i);
      even0 = evens(w0).fma(even, even0);
      odd0 = odds(w0).fma(odd, odd0);
      even1 = evens(w1).fma(even, even1);
      odd1 = odds(w1).fma(odd, odd1);
    }
    even0.add(odd0).intoArray(sums, 0);
    even1.add(odd1).intoArray(sums, FLOATS.length());
  }

  private static FloatVector vector(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }

  /// Columns that fill no whole vector.
  private float rest(int row) {
    float sum = 0;
    for (int column = 2 * vectorPairs; column < columns; column++) {
      short bits = weights.get(BF16, ((long) row * columns + column) * Short.BYTES);
      sum = Math.fma(Float.intBitsToFloat(bits << 16), x[column], sum);
    }
    return sum;
  }

  private static FloatVector evens(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector odds(IntVector pairs) {
    return pairs.and(UPPER_HALF).reinterpretAsFloats();
  }
}
