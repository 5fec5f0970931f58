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
final class Bf16Rows {

  /// Rows that share each load of x.
  static final int TOGETHER = 4;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final int UPPER_HALF = 0xFFFF0000;

  private final MemorySegment weights;
  private final float[] x;
  private final float[] even;
  private final float[] odd;

  /// Pairs of columns that fill whole vectors; what is left is done one by one.
  private final int vectorPairs;

  /// @param weights `[rows, x.length]`
  Bf16Rows(MemorySegment weights, float[] x) {
    this.weights = weights;
    this.x = x;
    this.vectorPairs = INTS.loopBound(x.length / 2);
    this.even = new float[vectorPairs];
    this.odd = new float[vectorPairs];
    for (int i = 0; i < vectorPairs; i++) {
      even[i] = x[2 * i];
      odd[i] = x[2 * i + 1];
    }
  }

  /// Products of rows `from` to `to` (exclusive), into y at the same places.
  void multiply(int from, int to, float[] y) {
    int row = from;
    for (; row + TOGETHER <= to; row += TOGETHER) {
      four(row, y);
    }
    for (; row < to; row++) {
      y[row] = one(row) + rest(row);
    }
  }

  private void four(int row, float[] y) {
    long stride = (long) x.length * Short.BYTES;
    long start = row * stride;
    var even0 = FloatVector.zero(FLOATS);
    var even1 = even0;
    var even2 = even0;
    var even3 = even0;
    var odd0 = even0;
    var odd1 = even0;
    var odd2 = even0;
    var odd3 = even0;
    for (int i = 0; i < vectorPairs; i += INTS.length()) {
      long at = start + (long) i * Integer.BYTES;
      var xEven = FloatVector.fromArray(FLOATS, even, i);
      var xOdd = FloatVector.fromArray(FLOATS, odd, i);
      var w0 = IntVector.fromMemorySegment(INTS, weights, at, ORDER);
      var w1 = IntVector.fromMemorySegment(INTS, weights, at + stride, ORDER);
      var w2 = IntVector.fromMemorySegment(INTS, weights, at + 2 * stride, ORDER);
      var w3 = IntVector.fromMemorySegment(INTS, weights, at + 3 * stride, ORDER);
      even0 = evens(w0).fma(xEven, even0);
      odd0 = odds(w0).fma(xOdd, odd0);
      even1 = evens(w1).fma(xEven, even1);
      odd1 = odds(w1).fma(xOdd, odd1);
      even2 = evens(w2).fma(xEven, even2);
      odd2 = odds(w2).fma(xOdd, odd2);
      even3 = evens(w3).fma(xEven, even3);
      odd3 = odds(w3).fma(xOdd, odd3);
    }
    y[row] = sum(even0, odd0) + rest(row);
    y[row + 1] = sum(even1, odd1) + rest(row + 1);
    y[row + 2] = sum(even2, odd2) + rest(row + 2);
    y[row + 3] = sum(even3, odd3) + rest(row + 3);
  }

  private float one(int row) {
    long start = (long) row * x.length * Short.BYTES;
    var evenSum = FloatVector.zero(FLOATS);
    var oddSum = evenSum;
    for (int i = 0; i < vectorPairs; i += INTS.length()) {
      var w = IntVector.fromMemorySegment(INTS, weights, start + (long) i * Integer.BYTES, ORDER);
      evenSum = evens(w).fma(FloatVector.fromArray(FLOATS, even, i), evenSum);
      oddSum = odds(w).fma(FloatVector.fromArray(FLOATS, odd, i), oddSum);
    }
    return sum(evenSum, oddSum);
  }

  /// Columns that fill no whole vector.
  private float rest(int row) {
    float sum = 0;
    for (int column = 2 * vectorPairs; column < x.length; column++) {
      short bits = weights.get(BF16, ((long) row * x.length + column) * Short.BYTES);
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

  private static float sum(FloatVector even, FloatVector odd) {
    return even.add(odd).reduceLanes(VectorOperators.ADD);
  }
}
