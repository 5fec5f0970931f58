package dev.demur.lab.monitor;

import java.util.List;

/// A linear score of the stream at one place: x·w + b.
///
/// @param place which token's stream
/// @param layer whose resid_pre
/// @param method how w was found
/// @param weight w, d_model numbers
/// @param bias b
public record Probe(Place place, int layer, Method method, List<Float> weight, double bias) {

  /// How a probe's weights are found.
  public enum Method {
    /// The difference of the two classes' means; b puts 0 midway.
    MEAN_DIFFERENCE,
    /// Logistic regression with an L2 penalty; the score is in nats.
    LOGISTIC
  }

  public Probe {
    weight = List.copyOf(weight);
    if (layer < 0) {
      throw new IllegalArgumentException("layer must be >= 0, was " + layer);
    }
  }

  /// The score of one row of the stream.
  double of(float[] row) {
    double score = bias;
    for (int i = 0; i < row.length; i++) {
      score += weight.get(i) * row[i];
    }
    return score;
  }
}
