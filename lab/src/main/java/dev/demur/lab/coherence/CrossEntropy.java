package dev.demur.lab.coherence;

/// The mean next-token loss over a corpus.
///
/// @param texts passages with at least one token counted
/// @param tokens tokens counted, at least 1
/// @param nats −Σ ln p over them
public record CrossEntropy(int texts, long tokens, double nats) {

  public CrossEntropy {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens must be >= 1, was " + tokens);
    }
    if (!Double.isFinite(nats)) {
      throw new IllegalArgumentException("nats must be finite, was " + nats);
    }
  }

  /// The total over the total, in nats per token: a long text weighs more than a short one.
  public double perToken() {
    return nats / tokens;
  }

  /// e to the cross-entropy.
  public double perplexity() {
    return Math.exp(perToken());
  }
}
