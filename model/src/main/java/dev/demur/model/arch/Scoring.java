package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.FlashAttention;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How queries weigh the keys they see.
///
/// @param scale factor on the scores, usually 1/√d_head
/// @param softcap scores become `cap · tanh(score / cap)` when present (Gemma 2)
/// @param reach how far back a query sees
/// @param sinks a score for each query head, `[head]`, that takes its share of the softmax and
///   reads nothing (gpt-oss)
public record Scoring(double scale, OptionalDouble softcap, Reach reach, Optional<Tensor> sinks) {

  /// Plain scaled dot products over all earlier tokens.
  public static Scoring scaled(double scale) {
    return new Scoring(scale, OptionalDouble.empty(), new Reach.All(), Optional.empty());
  }

  public Scoring withSoftcap(OptionalDouble cap) {
    return new Scoring(scale, cap, reach, sinks);
  }

  /// A sliding window, or none.
  public Scoring withWindow(OptionalInt tokens) {
    return within(tokens.isPresent() ? new Reach.Window(tokens.getAsInt()) : new Reach.All());
  }

  public Scoring within(Reach bound) {
    return new Scoring(scale, softcap, bound, sinks);
  }

  public Scoring withSinks(Tensor scores) {
    return new Scoring(scale, softcap, reach, Optional.of(scores));
  }

  /// Whether libtorch's own attention computes the same.
  boolean isPlain() {
    return softcap.isEmpty() && sinks.isEmpty();
  }

  /// Whether all sequences of a pass can attend in one call, whatever their lengths.
  ///
  /// @param type of queries, keys and values
  boolean isPackable(Attention.Shape shape, Device device, DType type) {
    return isPlain()
        && !(reach instanceof Reach.Chunk)
        && shape.dHead() == shape.dValue()
        && FlashAttention.takes(device, type, shape.dHead());
  }

  /// softmax(q kᵀ) v with what is masked given: `[batch, head, query, d_head]`.
  ///
  /// @param mask broadcastable to `[batch, head, query, key]`; 0 where seen, −∞ where not
  Tensor mix(Tensor q, Tensor k, Tensor v, Tensor mask) {
    return isPlain()
        ? Neural.maskedAttention(q, k, v, mask.to(q.dtype()), scale)
        : pattern(q, k, mask).matmul(v.to(DType.F32));
  }

  /// The attention weights after softmax, `[batch, head, query, key]`, float32.
  Tensor pattern(Tensor q, Tensor k, Tensor mask) {
    return weights(scores(q, k).plus(mask));
  }

  /// The same of queries that see every key.
  Tensor pattern(Tensor q, Tensor k) {
    return weights(scores(q, k));
  }

  /// Scaled and capped scores before any mask, `[batch, head, query, key]`, float32.
  Tensor scores(Tensor q, Tensor k) {
    var scores = q.to(DType.F32).matmul(k.to(DType.F32).transpose(2, 3)).times(scale);
    if (softcap.isPresent()) {
      double cap = softcap.getAsDouble();
      scores = Neural.tanh(scores.times(1 / cap)).times(cap);
    }
    return scores;
  }

  /// The softmax of scores, beside sinks where there are any.
  Tensor weights(Tensor scores) {
    return sinks.map(sink -> besideSinks(scores, sink)).orElseGet(scores::softmax);
  }

  private static Tensor besideSinks(Tensor scores, Tensor sinks) {
    long heads = scores.dim(1); // query heads, or key-value heads with their queries behind
    var column =
        sinks
            .reshape(1, heads, sinks.dim(0) / heads, 1)
            .expand(scores.dim(0), heads, scores.dim(2), 1);
    long keys = scores.dim(3);
    return Tensor.cat(List.of(scores, column), 3).softmax().narrow(3, 0, keys);
  }
}
