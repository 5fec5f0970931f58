package dev.demur.serve.answer;

import dev.demur.model.generate.Sampler;
import java.util.Map;

/// How tokens are chosen, as clients say it.
///
/// @param temperature 0 takes the likeliest token
/// @param topP share of the probability that is drawn from
/// @param seed of the first answer; the next ones have seeds made of it
/// @param bias added to logits, by token
/// @param presence penalty of tokens that were written
/// @param frequency penalty for each time a token was written
public record Sampling(
    double temperature,
    double topP,
    long seed,
    Map<Integer, Double> bias,
    double presence,
    double frequency) {

  /// Keeps the seeds of neighbouring answers apart.
  private static final long STEP = 0x9E3779B97F4A7C15L;

  public Sampling {
    bias = Map.copyOf(bias);
  }

  /// How answer number `answer`, from 0, is sampled.
  Sampler sampler(int answer) {
    Sampler chosen =
        temperature == 0
            ? new Sampler.Greedy()
            : new Sampler.Nucleus(temperature, topP, seed + answer * STEP);
    boolean isPlain = bias.isEmpty() && presence == 0 && frequency == 0;
    return isPlain ? chosen : new Sampler.Adjusted(chosen, bias, presence, frequency);
  }
}
