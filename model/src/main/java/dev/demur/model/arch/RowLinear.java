package dev.demur.model.arch;

import dev.demur.model.kernel.RowInput;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.kernel.RowMatrix;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.List;
import java.util.Optional;

/// A matrix that multiplies one row at a time: by a kernel where there is one for how it is stored,
/// by libtorch where not.
///
/// @param linear the matrix
/// @param kernel where its numbers lie, for a kernel
/// @param bias `[out]`
public record RowLinear(Linear linear, Optional<RowMatrix> kernel, Optional<float[]> bias) {

  public static RowLinear of(Linear linear) {
    return new RowLinear(linear, linear.matrix().forRows(), linear.bias().map(Tensor::toFloats));
  }

  /// `W x + b`.
  public float[] apply(float[] x) {
    return apply(x, List.of(this)).getFirst();
  }

  /// The products of several matrices with one row.
  public static List<float[]> apply(float[] x, List<RowLinear> matrices) {
    var kernels = matrices.stream().map(RowLinear::kernel).flatMap(Optional::stream).toList();
    if (kernels.size() < matrices.size()) {
      return matrices.stream().map(matrix -> matrix.byLibtorch(x)).toList();
    }
    var products = kernels.stream().map(RowProducts.Product::new).toList();
    RowProducts.multiply(new RowInput(x), products, Torch.threads());
    for (int i = 0; i < matrices.size(); i++) {
      float[] y = products.get(i).y();
      matrices.get(i).bias.ifPresent(b -> RowMath.add(y, b));
    }
    return products.stream().map(RowProducts.Product::y).toList();
  }

  private float[] byLibtorch(float[] x) {
    try (var _ = Scope.open()) {
      return linear.apply(Tensor.of(x, 1, x.length)).toFloats();
    }
  }
}
