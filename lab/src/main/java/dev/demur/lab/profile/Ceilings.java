package dev.demur.lab.profile;

/// What a machine does at most: the lines a model's speed is held against.
///
/// @param bf16Gemm bfloat16 matrix products, FLOP a second
/// @param f32Gemm float32 matrix products, FLOP a second
/// @param dramRead reading main memory, bytes a second
public record Ceilings(double bf16Gemm, double f32Gemm, double dramRead) {}
