package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;

/// `y = W x` for one row x.
public final class RowProduct {

  /// Weights below which waking another thread costs more than it saves.
  private static final long LEAST_BYTES = 64 * 1024;

  private static final boolean AVAILABLE =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private RowProduct() {}

  /// Whether this Java machine was started with `--add-modules jdk.incubator.vector`. The other
  /// methods must not be called where it was not.
  public static boolean available() {
    return AVAILABLE;
  }

  /// Multiplies a bfloat16 matrix with a float32 row; products and sums are float32.
  ///
  /// @param weights the matrix, `[out, in]`, little endian, row after row; of any alignment
  /// @param x the row, `[in]`
  /// @param y written, `[out]`
  /// @param threads how many may work on it
  /// @throws IllegalArgumentException if the segment does not have the matrix's size
  public static void bf16(MemorySegment weights, float[] x, float[] y, int threads) {
    long bytes = (long) y.length * x.length * Short.BYTES;
    if (weights.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "a bfloat16 matrix of %d x %d takes %d bytes, was given %d"
              .formatted(y.length, x.length, bytes, weights.byteSize()));
    }
    var kernel = new Bf16Rows(weights, x);
    int parts = Math.toIntExact(Math.clamp(bytes / LEAST_BYTES, 1, threads));
    Team.SHARED.run(
        parts,
        part -> kernel.multiply(first(y.length, part, parts), first(y.length, part + 1, parts), y));
  }

  /// First row of a part; parts begin at multiples of the rows a kernel takes at once.
  private static int first(int rows, int part, int parts) {
    if (part == parts) {
      return rows;
    }
    return Math.toIntExact((long) rows * part / parts / Bf16Rows.TOGETHER * Bf16Rows.TOGETHER);
  }
}
