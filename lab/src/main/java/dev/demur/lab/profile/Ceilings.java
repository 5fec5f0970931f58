package dev.demur.lab.profile;

import dev.demur.model.tensor.DType;

/// The most a machine can do: the limits a model's speed is compared with.
///
/// @param bf16Gemm bfloat16 matrix products, FLOP a second
/// @param f32Gemm float32 matrix products, FLOP a second
/// @param dramRead reading main memory, bytes a second
public record Ceilings(double bf16Gemm, double f32Gemm, double dramRead) {

  /// Rate of products in a model's type.
  double gemm(DType dtype) {
    return dtype == DType.BF16 ? bf16Gemm : f32Gemm;
  }
}
