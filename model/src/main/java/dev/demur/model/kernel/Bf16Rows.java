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

  /// Rows one after the other, as they lie: memory is fastest where it is read in order.
  @Override
  public void multiply(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      y[row] = one((long) row * columns * Short.BYTES) + rest(row);
    }
  }

  /// The product of the row that begins at a byte. Four sums, because each addition waits for the
  /// one before it.
  private float one(long start) {
    var even0 = FloatVector.zero(FLOATS);
    var odd0 = even0;
    var even1 = even0;
    var odd1 = even0;
    int lanes = INTS.length();
    int i = 0;
    for (; i + lanes < vectorPairs; i += 2 * lanes) {
      var w0 = pairs(start, i);
      var w1 = pairs(start, i + lanes);
      even0 = evens(w0).fma(x(i), even0);
      odd0 = odds(w0).fma(x(vectorPairs + i), odd0);
      even1 = evens(w1).fma(x(i + lanes), even1);
      odd1 = odds(w1).fma(x(vectorPairs + i + lanes), odd1);
    }
    if (i < vectorPairs) {
      var w = pairs(start, i);
      even0 = evens(w).fma(x(i), even0);
      odd0 = odds(w).fma(x(vectorPairs + i), odd0);
    }
    return AcrossLanes.sum(even0.add(odd0).add(even1.add(odd1)));
  }

  private IntVector pairs(long start, int pair) {
    return IntVector.fromMemorySegment(INTS, weights, start + (long) pair * Integer.BYTES, ORDER);
  }

  private FloatVector x(int at) {
    return FloatVector.fromArray(FLOATS, x, at);
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
