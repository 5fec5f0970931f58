package dev.demur.lab.coherence;

import java.util.List;
import java.util.Locale;

/// What one passage gave under every variant.
///
/// @param passage its index in the corpus
/// @param tokens tokens counted
/// @param nats for each variant, the unedited model first: −Σ ln p over the counted tokens
/// @param divergence for each variant but the first: KL(unedited ‖ edited) in nats where each
///   counted token is predicted, in order; empty lists when it was not asked for
public record PassageScores(
    int passage, int tokens, List<Double> nats, List<List<Double>> divergence) {

  public PassageScores {
    nats = List.copyOf(nats);
    divergence = divergence.stream().map(List::copyOf).toList();
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens must be >= 0, was " + tokens);
    }
    if (nats.isEmpty() || divergence.size() != nats.size() - 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a divergence for each variant but the first is needed: %d variants, %d divergences",
              nats.size(),
              divergence.size()));
    }
  }

  /// The same scores as those of another place in the corpus.
  PassageScores at(int place) {
    return new PassageScores(place, tokens, nats, divergence);
  }
}
