package dev.demur.model.arch.row;

import dev.demur.model.arch.Norm;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;

/// A normalisation of rows, or of each of their heads, on plain arrays.
@FunctionalInterface
interface RowNorm {

  /// @param x as many runs as there are rows or heads, not changed
  float[] apply(float[] x);

  /// The same normalisation as a [Norm]'s.
  static RowNorm of(Norm norm) {
    return switch (norm) {
      case Norm.Identity() -> x -> x;
      case Norm.Rms(var weight, var eps) -> {
        float[] scales = weight.toFloats();
        yield x -> RowMath.rms(x, scales, eps);
      }
      case Norm.Layer layer -> of(layer);
      case Norm.LayerByHead byHead -> x -> byLibtorch(byHead, x);
    };
  }

  private static RowNorm of(Norm.Layer norm) {
    float[] scales = norm.weight().toFloats();
    float[] offsets = norm.bias().map(Tensor::toFloats).orElseGet(() -> new float[scales.length]);
    return x -> {
      float[] y = RowMath.layer(x, scales, norm.eps());
      for (int i = 0; i < y.length; i++) {
        y[i] += offsets[i % offsets.length];
      }
      return y;
    };
  }

  private static float[] byLibtorch(Norm.LayerByHead norm, float[] x) {
    try (var _ = Scope.open()) {
      var weight = norm.weight();
      long rows = x.length / weight.elements();
      return norm.apply(Tensor.of(x, rows, weight.dim(0), weight.dim(1))).toFloats();
    }
  }
}
