package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.Optional;

/// A matrix with an optional bias: `x Wᵀ + b`.
///
/// The residual stream is float32; with bfloat16 weights the input is rounded to bfloat16, the
/// product accumulates in float32 inside the kernel and its result is rounded once.
///
/// @param matrix W, `[out, in]`
/// @param bias `[out]`, float32 or bfloat16
public record Linear(Matrix matrix, Optional<Tensor> bias) {

  /// @param weight `[out, in]`, float32 or bfloat16
  /// @param bias `[out]` of the same type
  public Linear(Tensor weight, Optional<Tensor> bias) {
    this(new Matrix.Dense(weight), bias);
  }

  /// W in memory, `[out, in]`, float32 or bfloat16; made for the open scope where it is not.
  public Tensor weight() {
    return matrix.values();
  }

  /// Applies the matrix.
  ///
  /// A single row, as in writing one token after the other, is multiplied at the memory's rate
  /// where the machine allows; its results are the sums themselves, not rounded to the weight's
  /// type.
  ///
  /// @param x `[…, in]`, float32 or already of the weight's type
  /// @return `[…, out]`, float32
  public Tensor apply(Tensor x) {
    var narrow = input(x);
    if (isOneRow(x)) {
      float[] y = RowLinear.of(this).apply(narrow.toFloats());
      long[] shape = x.shape().stream().mapToLong(Long::longValue).toArray();
      shape[shape.length - 1] = y.length;
      return Tensor.of(y, shape);
    }
    return switch (matrix) {
      case Matrix.Dense(var values) -> Neural.linear(narrow, values, bias).to(DType.F32);
      case Matrix.Stored stored -> {
        try (var scope = Scope.open()) {
          yield scope.keep(Neural.linear(narrow, stored.values(), bias).to(DType.F32));
        }
      }
    };
  }

  /// The same product, to be multiplied with something else: many rows stay in the type the matrix
  /// kernel rounds its sums to, which a conversion would not change.
  ///
  /// @return `[…, out]`, float32 or of the weight's type
  Tensor product(Tensor x) {
    return matrix instanceof Matrix.Dense(var values) && !isOneRow(x)
        ? Neural.linear(input(x), values, bias)
        : apply(x);
  }

  /// The product as what follows in a block wants it there.
  ///
  /// @return `[…, out]`, float32 or, where [DevicePolicy#between] says so, of the matrix's type
  Tensor between(Tensor x) {
    return switch (DevicePolicy.of(matrix.device()).between()) {
      case FLOAT32 -> apply(x);
      case MATRIX_TYPE -> product(x);
    };
  }

  private boolean isOneRow(Tensor x) {
    return x.elements() == matrix.columns() && !Torch.gradients() && matrix.forRows().isPresent();
  }

  /// Some of the rows, as a matrix of its own; a view.
  public Linear rows(long start, long count) {
    return new Linear(matrix.slice(start, count), bias.map(b -> b.narrow(0, start, count)));
  }

  /// The input as the kernel wants it, so that several matrices can share one conversion.
  Tensor input(Tensor x) {
    return x.to(matrix.dtype());
  }
}
