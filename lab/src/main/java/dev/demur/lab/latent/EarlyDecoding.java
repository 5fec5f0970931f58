package dev.demur.lab.latent;

import java.util.List;

/// Whole answers written by the first blocks alone: from a layer on the final norm and the
/// unembedding decode, and the blocks at and above it are skipped.
///
/// @param layers first blocks left out, each a question of its own; at least 1
/// @param maxNewTokens length at which an answer is cut
/// @param texts what becomes of the texts
public record EarlyDecoding(List<Integer> layers, int maxNewTokens, Texts texts) {

  /// What becomes of what was written.
  public enum Texts {
    /// It is judged and forgotten.
    DROPPED,
    /// It is written to a file that its owner alone can read.
    KEPT
  }

  public EarlyDecoding {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("name at least one layer to decode from");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1, was " + maxNewTokens);
    }
  }
}
