package dev.demur.model.kernel;

import java.util.Optional;
import java.util.OptionalDouble;

/// How one token looks back: softmax of its queries' products with the keys, times the values.
///
/// @param heads query heads
/// @param kvHeads key-value heads; each serves `heads / kvHeads` query heads in a row
/// @param dHead width of a query or key
/// @param dValue width of a value
/// @param scoring what is done to products before the softmax
public record RowAttention(int heads, int kvHeads, int dHead, int dValue, Scoring scoring) {

  /// Keys and values of fewer multiplications than this are not worth sharing out.
  private static final long LEAST_WORK = 32 * 1024;

  /// What is done to products.
  ///
  /// @param scale factor on them
  /// @param softcap scores become `cap · tanh(score / cap)` when present
  /// @param sinks a score for each query head that takes its share and reads nothing
  public record Scoring(double scale, OptionalDouble softcap, Optional<float[]> sinks) {}

  /// Mixes what the tokens `first` to `end` (exclusive) hold.
  ///
  /// @param q `[head, d_head]`, rotated
  /// @param threads how many may work
  /// @return z, `[head, d_value]`
  public float[] mix(float[] q, RowCache keys, RowCache values, int first, int end, int threads) {
    float[] z = new float[heads * dValue];
    long work = (long) heads * (dHead + dValue) * (end - first);
    int workers = work < LEAST_WORK ? 1 : threads;
    Team.SHARED.run(workers, heads, head -> mix(head, q, keys, values, first, end, z));
    return z;
  }

  private void mix(
      int head, float[] q, RowCache keys, RowCache values, int first, int end, float[] z) {
    int served = head / (heads / kvHeads);
    int tokens = end - first;
    float[] shares = new float[tokens];
    for (int t = 0; t < tokens; t++) {
      shares[t] = score(keys.dot(first + t, served * dHead, q, head * dHead, dHead));
    }
    softmax(head, shares);
    values.mix(served * dValue, first, shares, z, head * dValue, dValue);
  }

  private float score(float product) {
    double score = product * scoring.scale;
    return (float)
        (scoring.softcap.isEmpty()
            ? score
            : scoring.softcap.getAsDouble() * Math.tanh(score / scoring.softcap.getAsDouble()));
  }

  private void softmax(int head, float[] scores) {
    float sink = scoring.sinks.map(sinks -> sinks[head]).orElse(Float.NEGATIVE_INFINITY);
    float largest = sink;
    for (float score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = Math.exp(sink - largest);
    for (int t = 0; t < scores.length; t++) {
      double share = Math.exp(scores[t] - largest);
      scores[t] = (float) share;
      sum += share;
    }
    for (int t = 0; t < scores.length; t++) {
      scores[t] = (float) (scores[t] / sum);
    }
  }
}
