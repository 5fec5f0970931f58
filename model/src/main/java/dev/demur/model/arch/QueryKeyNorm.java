package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;

/// What normalises queries and keys before they are rotated and compared.
public sealed interface QueryKeyNorm {

  /// What normalises queries.
  Norm query();

  /// What normalises keys.
  Norm key();

  /// Nothing.
  record None() implements QueryKeyNorm {
    @Override
    public Norm query() {
      return new Norm.Identity();
    }

    @Override
    public Norm key() {
      return new Norm.Identity();
    }
  }

  /// Each head for itself (Qwen3, Gemma 3, StableLM-2 12B).
  record EachHead(Norm query, Norm key) implements QueryKeyNorm {}

  /// All heads together (OLMo-2).
  record AllHeads(Norm query, Norm key) implements QueryKeyNorm {}

  /// Normalised query heads: `[tokens, head · d_head] → [tokens, head, d_head]`.
  default Tensor queries(Tensor x, int heads, int dHead) {
    return switch (this) {
      case None() -> split(x, heads, dHead);
      case EachHead(var norm, _) -> norm.apply(split(x.to(DType.F32), heads, dHead));
      case AllHeads(var norm, _) -> split(norm.apply(x.to(DType.F32)), heads, dHead);
    };
  }

  /// Normalised key heads: `[tokens, kv_head · d_head] → [tokens, kv_head, d_head]`.
  default Tensor keys(Tensor x, int heads, int dHead) {
    return switch (this) {
      case None() -> split(x, heads, dHead);
      case EachHead(_, var norm) -> norm.apply(split(x.to(DType.F32), heads, dHead));
      case AllHeads(_, var norm) -> split(norm.apply(x.to(DType.F32)), heads, dHead);
    };
  }

  private static Tensor split(Tensor x, int heads, int dHead) {
    return x.reshape(x.dim(0), heads, dHead);
  }
}
