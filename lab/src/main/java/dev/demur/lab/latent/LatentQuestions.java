package dev.demur.lab.latent;

import java.util.Optional;

/// What is asked of a model's lower layers.
///
/// @param decoding answers written by the first blocks alone
/// @param patchscope readings of a stream in another prompt
/// @param seed of what is shuffled and drawn
public record LatentQuestions(
    Optional<EarlyDecoding> decoding, Optional<Patchscope> patchscope, long seed) {

  /// No question.
  public static LatentQuestions none() {
    return new LatentQuestions(Optional.empty(), Optional.empty(), 0);
  }

  /// Whether nothing is asked.
  public boolean isEmpty() {
    return decoding.isEmpty() && patchscope.isEmpty();
  }

  /// Makes sure that a model has the layers.
  ///
  /// @param layers how many it has
  /// @throws IllegalArgumentException if it has not
  public void require(int layers) {
    for (var early : decoding.stream().toList()) {
      early.layers().forEach(layer -> require("decoding can begin at layer", layer, 1, layers - 1));
    }
    for (var scope : patchscope.stream().toList()) {
      scope
          .layers()
          .forEach(layer -> require("a stream can be read at layer", layer, 0, layers - 1));
      scope
          .into()
          .ifPresent(layer -> require("a stream can be put at layer", layer, 0, layers - 1));
    }
  }

  private static void require(String what, int layer, int first, int last) {
    if (layer < first || layer > last) {
      throw new IllegalArgumentException(
          what + " " + first + " to " + last + " of this model, not at " + layer);
    }
  }
}
