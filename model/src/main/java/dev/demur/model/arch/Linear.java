package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.Optional;

/// A matrix with an optional bias: `x Wᵀ + b`.
///
/// The residual stream is float32; with bfloat16 weights the input is rounded to bfloat16, the
/// product accumulates in float32 inside the kernel and its result is rounded once.
///
/// @param weight `[out, in]`, float32 or bfloat16
/// @param bias `[out]` of the same type
public record Linear(Tensor weight, Optional<Tensor> bias) {

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
    return Neural.singleRow(narrow, weight, bias)
        .orElseGet(() -> Neural.linear(narrow, weight, bias).to(DType.F32));
  }

  /// Some of the rows, as a matrix of its own; a view.
  Linear rows(long start, long count) {
    return new Linear(weight.narrow(0, start, count), bias.map(b -> b.narrow(0, start, count)));
  }

  /// The input as the kernel wants it, so that several matrices can share one conversion.
  Tensor input(Tensor x) {
    return x.to(weight.dtype());
  }
}
