package dev.demur.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.EveryDevice;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Sorting only as far as a draw looks is drawing from the whole sorted list.
@EveryDevice
class LikeliestTest {

  private static final int TOKENS = 500;

  @Test
  void aDrawIsThatFromTheSortedList() {
    for (int trial = 0; trial < 200; trial++) {
      var p = probabilities(trial);
      double topP = trial % 3 == 0 ? 1 : 0.05 + trial / 220.0;
      assertThat(new Likeliest(p).draw(topP, new SplittableRandom(trial)))
          .as("trial " + trial)
          .isEqualTo(fromAll(p, topP, new SplittableRandom(trial)));
    }
  }

  /// Steep, flat, and with equals and zeros among them.
  private static float[] probabilities(int trial) {
    var random = new Random(trial);
    float[] p = new float[TOKENS];
    double sum = 0;
    for (int i = 0; i < TOKENS; i++) {
      p[i] = i % 7 == 0 ? 0 : (float) Math.exp(Math.round(random.nextGaussian() * (trial % 10)));
      sum += p[i];
    }
    for (int i = 0; i < TOKENS; i++) {
      p[i] /= (float) sum;
    }
    return p;
  }

  private static int fromAll(float[] p, double topP, SplittableRandom random) {
    var sorted =
        IntStream.range(0, p.length)
            .boxed()
            .sorted((a, b) -> p[a] == p[b] ? Integer.compare(a, b) : Float.compare(p[b], p[a]))
            .toList();
    double mass = 0;
    int kept = 0;
    while (kept < p.length && mass < topP) {
      mass += p[sorted.get(kept++)];
    }
    double whole = IntStream.range(0, p.length).mapToDouble(i -> p[i]).sum();
    double left = random.nextDouble() * (topP == 1 ? whole : mass);
    for (int id : sorted.subList(0, kept)) {
      left -= p[id];
      if (left < 0) {
        return id;
      }
    }
    return sorted.get(kept - 1);
  }
}
