package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/// Float8 weights with scales: one for all, one a row, or one a square block.
///
/// The product is taken in float32. Both names in use mean "multiply by this": `weight_scale`
/// (compressed-tensors) and `weight_scale_inv` (block-wise, as in DeepSeek-V3 and Qwen3-FP8).
final class ScaledFloat8 {

  private ScaledFloat8() {}

  /// @param folder the model, for error messages
  /// @param weight `[out, in]` in float8
  /// @param scale `[]`, `[1]`, `[out]`, `[out, 1]` or `[out / b, in / b]`, rounded up, for blocks b
  /// @throws ModelFormatException if the shapes do not go together
  static Tensor load(Path folder, Located weight, Located scale, DType to) throws IOException {
    try (var scope = Scope.open()) {
      return scope.keep(product(folder, weight, scale).to(to));
    }
  }

  /// The same, rounded to the scale's own type before it becomes another, as compressed-tensors
  /// does.
  static Tensor loadRounded(Path folder, Located weight, Located scale, DType to)
      throws IOException {
    try (var scope = Scope.open()) {
      var type = DType.ofSafetensors(scale.info().type()).orElse(DType.F32);
      return scope.keep(product(folder, weight, scale).to(type).to(to));
    }
  }

  private static Tensor product(Path folder, Located weight, Located scale) throws IOException {
    var values = weight.source().load(DType.F32);
    return values.times(spread(folder, weight, scale, scale.source().load(DType.F32)));
  }

  private static Tensor spread(Path folder, Located weight, Located scale, Tensor factors)
      throws ModelFormatException {
    List<Long> shape = weight.info().shape();
    if (factors.elements() == 1) {
      return factors.reshape(1);
    }
    if (shape.size() == 2 && factors.elements() == shape.get(0) && factors.dim(0) == shape.get(0)) {
      return factors.reshape(shape.get(0), 1);
    }
    if (shape.size() == 2 && factors.rank() == 2) {
      long rows = blockSize(shape.get(0), factors.dim(0));
      long columns = blockSize(shape.get(1), factors.dim(1));
      if (rows > 0 && columns > 0) {
        return factors.rows(blockOf(shape.get(0), rows)).select(1, blockOf(shape.get(1), columns));
      }
    }
    throw new ModelFormatException(
        folder,
        "tensor \""
            + scale.info().name()
            + "\" of shape "
            + scale.info().shape()
            + " does not scale a weight of shape "
            + shape);
  }

  /// The power of two that cuts `extent` into `blocks` blocks, the last one perhaps short; 0 when
  /// there is none.
  private static long blockSize(long extent, long blocks) {
    for (long size = 1; size <= 4096; size *= 2) {
      if ((extent + size - 1) / size == blocks) {
        return size;
      }
    }
    return 0;
  }

  private static Tensor blockOf(long extent, long size) {
    return Tensor.ofLongs(LongStream.range(0, extent).map(index -> index / size));
  }
}
