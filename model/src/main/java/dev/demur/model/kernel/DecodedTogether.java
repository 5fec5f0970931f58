package dev.demur.model.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Rows of a matrix that is not float32 times several vectors: a few rows at a time are decoded,
/// once for all vectors, and multiplied as float32 while they are in the cache.
final class DecodedTogether implements Rows {

  /// Decoded rows, native because [F32Together] then sees one kind of memory. A thread keeps the
  /// widest that it needed.
  private static final ThreadLocal<MemorySegment> DECODED =
      ThreadLocal.withInitial(() -> MemorySegment.NULL);

  private final RowDecoder decoder;
  private final int rows;
  private final int columns;
  private final int vectors;
  private final float[] x;

  /// @param matrix see [#takes]
  /// @param x see [F32Together#arranged]
  DecodedTogether(RowMatrix matrix, int vectors, float[] x) {
    this.decoder = new RowDecoder(matrix);
    this.rows = matrix.rows();
    this.columns = matrix.columns();
    this.vectors = vectors;
    this.x = x;
  }

  /// Whether it multiplies a matrix.
  static boolean takes(RowMatrix matrix) {
    return RowDecoder.takes(matrix) && matrix.rows() >= TOGETHER;
  }

  @Override
  public void multiply(int from, int to, float[] y) {
    var matrix = new RowMatrix(StoredAs.F32, decoded(), TOGETHER, columns);
    var kernel = new F32Together(matrix, vectors, x);
    float[] products = new float[vectors * TOGETHER];
    for (int row = from; row < to; row += TOGETHER) {
      int start = Math.min(row, rows - TOGETHER); // the last ones are made once more
      for (int i = 0; i < TOGETHER; i++) {
        decoder.decode(start + i, matrix.bytes(), i * StoredAs.F32.rowBytes(columns));
      }
      kernel.multiply(0, TOGETHER, products);
      int count = Math.min(to - row, TOGETHER - (row - start));
      for (int vector = 0; vector < vectors; vector++) {
        System.arraycopy(products, vector * TOGETHER + row - start, y, vector * rows + row, count);
      }
    }
  }

  private MemorySegment decoded() {
    long bytes = TOGETHER * StoredAs.F32.rowBytes(columns);
    if (DECODED.get().byteSize() < bytes) {
      DECODED.set(Arena.ofAuto().allocate(bytes, Long.BYTES));
    }
    return DECODED.get().asSlice(0, bytes);
  }
}
