package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of a float32 matrix times one vector.
final class F32Rows implements Rows {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.ORDER);

  private final MemorySegment weights;
  private final float[] x;

  /// @param x as it is
  F32Rows(RowMatrix matrix, float[] x) {
    this.weights = matrix.plain();
    this.x = x;
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    for (int row = from; row < to; row++) {
      y[row] = one((long) row * x.length * Float.BYTES);
    }
  }

  /// The row that begins at a byte. Two sums, because an addition waits for the one before it.
  private float one(long start) {
    int lanes = FLOATS.length();
    int pairs = x.length / (2 * lanes) * (2 * lanes);
    var even = FloatVector.zero(FLOATS);
    var odd = even;
    for (int i = 0; i < pairs; i += 2 * lanes) {
      even = vector(start, i).fma(FloatVector.fromArray(FLOATS, x, i), even);
      odd = vector(start, i + lanes).fma(FloatVector.fromArray(FLOATS, x, i + lanes), odd);
    }
    float sum = AcrossLanes.sum(even.add(odd));
    for (int i = pairs; i < x.length; i++) {
      sum = Math.fma(weights.get(F32, start + (long) i * Float.BYTES), x[i], sum);
    }
    return sum;
  }

  private FloatVector vector(long start, int column) {
    long at = start + (long) column * Float.BYTES;
    return FloatVector.fromMemorySegment(FLOATS, weights, at, Lanes.ORDER);
  }
}
