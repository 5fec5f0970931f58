package dev.demur.model.format;

import java.util.List;

/// What a checkpoint says about one tensor, before its bytes are read.
///
/// @param name the Hugging Face name, e.g. `model.layers.0.mlp.down_proj.weight`
/// @param type how it is stored, as its format spells it: `BF16`, `F32`, `Q4_K`, …
/// @param shape extents, outermost first; empty for a scalar
/// @param bytes length on disk
public record TensorInfo(String name, String type, List<Long> shape, long bytes) {

  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /// Number of elements.
  public long elements() {
    return elements(shape);
  }

  /// The number of elements of a shape. An extent of zero does not excuse the others: strides must
  /// not overflow either.
  ///
  /// @throws ArithmeticException if the other extents' product does not fit a long
  public static long elements(List<Long> shape) {
    long product = 1;
    for (long extent : shape) {
      product = Math.multiplyExact(product, Math.max(1, extent));
    }
    return shape.contains(0L) ? 0 : product;
  }
}
