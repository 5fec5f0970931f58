package dev.demur.model.format.quant;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The fixed tables of the IQ types, from the resource `iq-grids.bin`.
///
/// Source: `tools/golden/iq_grids.py` takes them as numbers from the Python package `gguf` 0.19.
final class IqGrids {

  private static final byte[] TABLES = read();

  // The order in the resource.
  static final Grid IQ2_XXS = new Grid(0, 8);
  static final Grid IQ2_XS = new Grid(IQ2_XXS.start() + 256 * 8, 8);
  static final Grid IQ2_S = new Grid(IQ2_XS.start() + 512 * 8, 8);
  static final Grid IQ3_XXS = new Grid(IQ2_S.start() + 1024 * 8, 4);
  static final Grid IQ3_S = new Grid(IQ3_XXS.start() + 256 * 4, 4);
  static final Grid IQ1_S = new Grid(IQ3_S.start() + 512 * 4, 8);
  private static final int SIGNS = IQ1_S.start() + 2048 * 8;
  private static final int LENGTH = SIGNS + 128;

  private IqGrids() {}

  /// A table of small whole numbers.
  ///
  /// @param start where it starts in the resource
  /// @param width numbers in a row
  record Grid(int start, int width) {

    float at(int row, int column) {
      return TABLES[start + row * width + column];
    }
  }

  /// Eight signs from seven bits; the eighth makes the number of minus signs even.
  static int signs(int index) {
    return TABLES[SIGNS + index];
  }

  private static byte[] read() {
    try (var in = IqGrids.class.getResourceAsStream("iq-grids.bin")) {
      if (in == null) {
        throw new IllegalStateException("iq-grids.bin is missing from the jar; build it again");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static {
    if (TABLES.length != LENGTH) {
      throw new IllegalStateException(
          "iq-grids.bin has " + TABLES.length + " bytes, expected " + LENGTH);
    }
  }
}
