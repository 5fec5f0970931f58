package dev.demur.model.generate;

import dev.demur.model.arch.Transformer;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How the next token is chosen.
public sealed interface Sampler {

  /// One chooser with its own state, for one generation.
  Choice start();

  /// Chooses next tokens; may change its own state (a random stream) with every call.
  interface Choice {

    /// The next token of each row.
    ///
    /// @param normalised final stream after the final norm, `[rows, d_model]`
    List<Integer> next(Transformer transformer, Tensor normalised);
  }

  /// Always the token with the largest logit, the first of equals.
  record Greedy() implements Sampler {
    @Override
    public Choice start() {
      return (transformer, normalised) ->
          Arrays.stream(transformer.greedy(normalised).toLongs())
              .mapToObj(Math::toIntExact)
              .toList();
    }
  }

  /// Draws from softmax(logits / temperature) cut to its likeliest part.
  ///
  /// @param temperature above 0
  /// @param topP the smallest set of likeliest tokens with at least this probability is drawn from;
  ///   in (0, 1]
  /// @param seed of the random stream
  record Nucleus(double temperature, double topP, long seed) implements Sampler {

    public Nucleus {
      if (!(temperature > 0)) {
        throw new IllegalArgumentException("temperature must be > 0, was " + temperature);
      }
      if (!(topP > 0 && topP <= 1)) {
        throw new IllegalArgumentException("top-p must be in (0, 1], was " + topP);
      }
    }

    @Override
    public Choice start() {
      var random = new SplittableRandom(seed);
      return (transformer, normalised) -> {
        var logits = transformer.unembed(normalised);
        return IntStream.range(0, Math.toIntExact(logits.dim(0)))
            .mapToObj(row -> draw(logits.row(row), random))
            .toList();
      };
    }

    private int draw(Tensor logits, SplittableRandom random) {
      double[] p = logits.times(1 / temperature).softmax().toDoubles();
      var likeliest =
          IntStream.range(0, p.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -p[i]))
              .toList();
      double mass = 0;
      int kept = 0;
      while (kept < likeliest.size() && mass < topP) {
        mass += p[likeliest.get(kept++)];
      }
      double left = random.nextDouble() * mass;
      for (int id : likeliest.subList(0, kept)) {
        left -= p[id];
        if (left < 0) {
          return id;
        }
      }
      return likeliest.get(kept - 1);
    }
  }
}
