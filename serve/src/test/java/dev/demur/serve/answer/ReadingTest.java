package dev.demur.serve.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadingTest {

  private static final int D_MODEL = 64;
  private static final int DRAWS = 4000;

  /// Four deviations of a share of 95 % over so many draws.
  private static final double TOLERANCE = .014;

  @Test
  void ninetyFiveOfAHundredRandomDirectionsReadWithinTheBand() {
    var random = new Random(1);
    try (var _ = Scope.open()) {
      var row = Tensor.of(drawn(random), 1, D_MODEL).times(7);
      double band = Reading.nullBand(row);
      int within = 0;
      for (int draw = 0; draw < DRAWS; draw++) {
        var direction = Tensor.of(drawn(random), D_MODEL);
        double read = row.dotRows(direction).toDoubles()[0] / direction.norm();
        within += Math.abs(read) <= band ? 1 : 0;
      }
      assertThat((double) within / DRAWS).isBetween(.95 - TOLERANCE, .95 + TOLERANCE);
    }
  }

  private static float[] drawn(Random random) {
    float[] all = new float[D_MODEL];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextGaussian();
    }
    return all;
  }
}
