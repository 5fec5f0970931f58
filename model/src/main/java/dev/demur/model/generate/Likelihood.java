package dev.demur.model.generate;

import java.util.List;

/// How likely the model found a token: before temperature, penalties and biases.
///
/// @param logProbability natural logarithm of its probability
/// @param likeliest the most probable tokens in its place, likeliest first; as many as were asked
///   for
public record Likelihood(double logProbability, List<Alternative> likeliest) {

  public Likelihood {
    likeliest = List.copyOf(likeliest);
  }

  /// A token that could have stood there.
  ///
  /// @param id the token
  /// @param logProbability natural logarithm of its probability
  public record Alternative(int id, double logProbability) {}
}
