package dev.demur.model.format.folder;

import dev.demur.model.format.folder.GroupedIntegers.Rounding;
import java.io.IOException;

/// The scales of a packed matrix, `[first, second]`.
///
/// @param values row after row
/// @param first extent
/// @param second extent
/// @param rounding to the type they are stored in
record Scales(FloatRow values, int first, int second, Rounding rounding) {

  /// Numbers that are only read.
  @FunctionalInterface
  interface FloatRow {
    float at(int index);
  }

  /// Reads them.
  ///
  /// @throws dev.demur.model.format.ModelFormatException if they are no matrix of a floating type
  static Scales matrix(String name, Parts parts) throws IOException {
    var shape = parts.info(name).shape();
    if (shape.size() != 2) {
      throw parts.unfit(name, "expected a matrix");
    }
    float[] values = parts.floats(name);
    return new Scales(
        index -> values[index],
        Math.toIntExact(shape.get(0)),
        Math.toIntExact(shape.get(1)),
        rounding(name, parts));
  }

  static Rounding rounding(String name, Parts parts) throws IOException {
    return switch (parts.info(name).type()) {
      case "F32" -> Rounding.F32;
      case "F16" -> Rounding.F16;
      case "BF16" -> Rounding.BF16;
      default -> throw parts.unfit(name, "expected type F16, BF16 or F32");
    };
  }
}
