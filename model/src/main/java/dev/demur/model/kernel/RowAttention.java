package dev.demur.model.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How tokens look back, each at its own sequence: softmax of its queries' products with the keys,
/// times the values.
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

  /// What a token looks at: the tokens `first` to `end` (exclusive) of its sequence.
  public record Seen(RowCache keys, RowCache values, int first, int end) {}

  /// Mixes what each token sees.
  ///
  /// @param q `[token, head, d_head]`, rotated
  /// @param seen by each token
  /// @param threads how many may work
  /// @return z, `[token, head, d_value]`
  public float[] mix(float[] q, List<Seen> seen, int threads) {
    float[] z = new float[seen.size() * heads * dValue];
    long all = seen.stream().mapToLong(one -> one.end - one.first).sum();
    int workers = all * heads * (dHead + dValue) < LEAST_WORK ? 1 : threads;
    Team.SHARED.run(
        workers,
        seen.size() * heads,
        part -> mix(part % heads, part, q, seen.get(part / heads), z));
    return z;
  }

  /// @param place of the head among those of all tokens
  private void mix(int head, int place, float[] q, Seen seen, float[] z) {
    int served = head / (heads / kvHeads);
    int tokens = seen.end - seen.first;
    float[] shares = new float[tokens];
    for (int t = 0; t < tokens; t++) {
      shares[t] = score(seen.keys.dot(seen.first + t, served * dHead, q, place * dHead, dHead));
    }
    softmax(head, shares);
    seen.values.mix(served * dValue, seen.first, shares, z, place * dValue, dValue);
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
    float largest = Math.max(sink, RowMath.largest(scores, 0, scores.length));
    double sum = Math.exp(sink - largest) + RowMath.exponentials(scores, largest);
    RowMath.scale(scores, (float) (1 / sum));
  }
}
