package dev.demur.model.generate;

import java.util.Map;

/// How the next token is chosen. Every sequence has a random stream of its own.
public sealed interface Sampler {

  /// Always the token with the largest logit, the first of equals.
  record Greedy() implements Sampler {}

  /// Draws from softmax(logits / temperature) cut to its likeliest part.
  ///
  /// @param temperature above 0
  /// @param topP the smallest set of likeliest tokens with at least this probability is drawn from;
  ///   in (0, 1]
  /// @param seed of the random stream
  record Nucleus(double temperature, double topP, long seed) implements Sampler {

    public Nucleus {
      if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("temperature must be > 0, was " + temperature);
      }
      if (!(topP > 0 && topP <= 1)) {
        throw new IllegalArgumentException("top-p must be in (0, 1], was " + topP);
      }
    }
  }

  /// Another way of choosing, from logits that were changed before: `logit + bias − frequency ·
  /// times written − presence · (written at all)`, of the answer's own tokens.
  ///
  /// Source: OpenAI's API reference, `logit_bias`, `frequency_penalty`, `presence_penalty`.
  ///
  /// @param chosen how the token is chosen then
  /// @param bias added to logits, by token
  /// @param presence subtracted once from each token that was written
  /// @param frequency subtracted from a token as often as it was written
  record Adjusted(Sampler chosen, Map<Integer, Double> bias, double presence, double frequency)
      implements Sampler {

    public Adjusted {
      bias = Map.copyOf(bias);
      requireFinite("presence penalty", presence);
      requireFinite("frequency penalty", frequency);
      bias.forEach((id, value) -> requireFinite("logit bias of token " + id, value));
    }

    private static void requireFinite(String what, double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(what + " must be finite, was " + value);
      }
    }
  }
}
