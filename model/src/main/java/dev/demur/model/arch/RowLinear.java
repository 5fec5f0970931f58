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

/// A matrix that multiplies one row, or a few: by a kernel where there is one for how it is stored,
/// by libtorch where not.
///
/// @param linear the matrix
/// @param kernel where its numbers lie, for a kernel
/// @param bias `[out]`
public record RowLinear(Linear linear, Optional<RowMatrix> kernel, Optional<float[]> bias) {

  public static RowLinear of(Linear linear) {
    return new RowLinear(linear, linear.matrix().forRows(), linear.bias().map(Tensor::toFloats));
  }

  /// `W x + b` of one row.
  public float[] apply(float[] x) {
    return apply(x, 1);
  }

  /// `W x + b` of each row.
  ///
  /// @param x `[row, in]`
  /// @return `[row, out]`
  public float[] apply(float[] x, int rows) {
    return apply(x, rows, List.of(this)).getFirst();
  }

  /// The products of several matrices with the same rows.
  ///
  /// @param x `[row, in]`
  /// @return each `[row, out]`
  public static List<float[]> apply(float[] x, int rows, List<RowLinear> matrices) {
    var kernels = matrices.stream().map(RowLinear::kernel).flatMap(Optional::stream).toList();
    if (kernels.size() < matrices.size()) {
      return matrices.stream().map(matrix -> matrix.byLibtorch(x, rows)).toList();
    }
    var products = kernels.stream().map(one -> new RowProducts.Product(one, rows)).toList();
    RowProducts.multiply(new RowInput(x, rows), products, Torch.threads());
    for (int i = 0; i < matrices.size(); i++) {
      float[] y = products.get(i).y();
      matrices.get(i).bias.ifPresent(b -> RowMath.addToEach(y, b));
    }
    return products.stream().map(RowProducts.Product::y).toList();
  }

  private float[] byLibtorch(float[] x, int rows) {
    try (var _ = Scope.open()) {
      return linear.apply(Tensor.of(x, rows, x.length / rows)).toFloats();
    }
  }
}
