package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of a float32 matrix times several vectors at once, each of which has a lane: a weight is
/// read once for all of them, and no sum is ever taken across lanes.
///
/// Every product is one chain of additions from the first column to the last, however many vectors
/// there are, so that a vector's product does not depend on the others.
final class F32Together implements Rows {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.ORDER);

  /// Matrix rows at once for one register of vectors, and for two: as many sums as hide how long an
  /// addition takes, and fit into sixteen registers beside what is added.
  private static final int TALL = 8;

  private static final int WIDE = 4;

  /// Columns at once, with two registers.
  private static final int STEP = 2;

  private final MemorySegment weights;
  private final int rows;
  private final int columns;
  private final int vectors;

  /// `[register, column, lane]`
  private final float[] x;

  /// @param matrix float32; see [#takes]
  /// @param x see [#arranged]
  F32Together(RowMatrix matrix, int vectors, float[] x) {
    this.weights = matrix.plain();
    this.rows = matrix.rows();
    this.columns = matrix.columns();
    this.vectors = vectors;
    this.x = x;
  }

  /// Whether it multiplies a matrix.
  static boolean takes(RowMatrix matrix) {
    return matrix.type() == StoredAs.F32 && matrix.rows() >= TALL && matrix.columns() % STEP == 0;
  }

  /// Vectors with a lane each; lanes without one hold zeros.
  ///
  /// @param x `[vector, column]`
  static float[] arranged(float[] x, int vectors) {
    int columns = x.length / vectors;
    float[] across = new float[Math.ceilDiv(vectors, LANES) * LANES * columns];
    for (int vector = 0; vector < vectors; vector++) {
      int to = vector / LANES * LANES * columns + vector % LANES;
      int from = vector * columns;
      for (int column = 0; column < columns; column++) {
        across[to + column * LANES] = x[from + column];
      }
    }
    return across;
  }

  /// Products, `[vector, row]`.
  @Override
  public void multiply(int from, int to, float[] y) {
    float[] sums = new float[TALL * LANES];
    for (int first = 0; first < vectors; first += 2 * LANES) {
      if (vectors - first > LANES) {
        for (int row = from; row < to; row += WIDE) {
          int start = Math.min(row, rows - WIDE); // the last ones are made once more
          wide(start, first * columns, sums);
          put(sums, 2 * LANES, start, row, Math.min(to, row + WIDE), first, y);
        }
      } else {
        for (int row = from; row < to; row += TALL) {
          int start = Math.min(row, rows - TALL);
          tall(start, first * columns, sums);
          put(sums, LANES, start, row, Math.min(to, row + TALL), first, y);
        }
      }
    }
  }

  /// Puts sums `[row, lane]` where they belong.
  ///
  /// @param lanes of a row
  /// @param start the first of the rows there are sums of
  /// @param from the first of those to be put
  /// @param first the vector of the first lane
  private void put(float[] sums, int lanes, int start, int from, int to, int first, float[] y) {
    int count = Math.min(lanes, vectors - first);
    for (int lane = 0; lane < count; lane++) {
      int place = (first + lane) * rows;
      for (int row = from; row < to; row++) {
        y[place + row] = sums[(row - start) * lanes + lane];
      }
    }
  }

  /// Eight rows from one on times the vectors of one register. One column at a time: with two, Java
  /// gives up compiling all of this into one method, and it takes three times as long.
  ///
  /// @param at where these vectors begin
  /// @param sums written, `[row, lane]`
  private void tall(int row, int at, float[] sums) {
    long stride = (long) columns * Float.BYTES;
    long w0 = row * stride;
    long w1 = w0 + stride;
    long w2 = w1 + stride;
    long w3 = w2 + stride;
    long w4 = w3 + stride;
    long w5 = w4 + stride;
    long w6 = w5 + stride;
    long w7 = w6 + stride;
    var a0 = FloatVector.zero(FLOATS);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    var a4 = a0;
    var a5 = a0;
    var a6 = a0;
    var a7 = a0;
    for (int i = 0; i < columns; i++) {
      long at0 = (long) i * Float.BYTES;
      var x0 = x(at, i);
      a0 = weight(w0 + at0).fma(x0, a0);
      a1 = weight(w1 + at0).fma(x0, a1);
      a2 = weight(w2 + at0).fma(x0, a2);
      a3 = weight(w3 + at0).fma(x0, a3);
      a4 = weight(w4 + at0).fma(x0, a4);
      a5 = weight(w5 + at0).fma(x0, a5);
      a6 = weight(w6 + at0).fma(x0, a6);
      a7 = weight(w7 + at0).fma(x0, a7);
    }
    a0.intoArray(sums, 0);
    a1.intoArray(sums, LANES);
    a2.intoArray(sums, 2 * LANES);
    a3.intoArray(sums, 3 * LANES);
    a4.intoArray(sums, 4 * LANES);
    a5.intoArray(sums, 5 * LANES);
    a6.intoArray(sums, 6 * LANES);
    a7.intoArray(sums, 7 * LANES);
  }

  /// Four rows from one on times the vectors of two registers.
  ///
  /// @param at where these vectors begin
  /// @param sums written, `[row, lane]`
  private void wide(int row, int at, float[] sums) {
    long stride = (long) columns * Float.BYTES;
    long w0 = row * stride;
    long w1 = w0 + stride;
    long w2 = w1 + stride;
    long w3 = w2 + stride;
    var a0 = FloatVector.zero(FLOATS);
    var b0 = a0;
    var a1 = a0;
    var b1 = a0;
    var a2 = a0;
    var b2 = a0;
    var a3 = a0;
    var b3 = a0;
    int other = at + columns * LANES;
    for (int i = 0; i < columns; i += STEP) {
      long byte0 = (long) i * Float.BYTES;
      var x0 = x(at, i);
      var z0 = x(other, i);
      var v00 = weight(w0 + byte0);
      a0 = v00.fma(x0, a0);
      b0 = v00.fma(z0, b0);
      var v01 = weight(w1 + byte0);
      a1 = v01.fma(x0, a1);
      b1 = v01.fma(z0, b1);
      var v02 = weight(w2 + byte0);
      a2 = v02.fma(x0, a2);
      b2 = v02.fma(z0, b2);
      var v03 = weight(w3 + byte0);
      a3 = v03.fma(x0, a3);
      b3 = v03.fma(z0, b3);
      long byte1 = (long) (i + 1) * Float.BYTES;
      var x1 = x(at, i + 1);
      var z1 = x(other, i + 1);
      var v10 = weight(w0 + byte1);
      a0 = v10.fma(x1, a0);
      b0 = v10.fma(z1, b0);
      var v11 = weight(w1 + byte1);
      a1 = v11.fma(x1, a1);
      b1 = v11.fma(z1, b1);
      var v12 = weight(w2 + byte1);
      a2 = v12.fma(x1, a2);
      b2 = v12.fma(z1, b2);
      var v13 = weight(w3 + byte1);
      a3 = v13.fma(x1, a3);
      b3 = v13.fma(z1, b3);
    }
    a0.intoArray(sums, 0);
    b0.intoArray(sums, LANES);
    a1.intoArray(sums, 2 * LANES);
    b1.intoArray(sums, 3 * LANES);
    a2.intoArray(sums, 4 * LANES);
    b2.intoArray(sums, 5 * LANES);
    a3.intoArray(sums, 6 * LANES);
    b3.intoArray(sums, 7 * LANES);
  }

  private FloatVector x(int at, int column) {
    return FloatVector.fromArray(FLOATS, x, at + column * LANES);
  }

  private FloatVector weight(long at) {
    return FloatVector.broadcast(FLOATS, weights.get(F32, at));
  }
}
