package dev.demur.lab.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.Seeds;
import dev.demur.lab.stats.Rate;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class FalsePositiveBoundTest {

  private static final double CONFIDENCE = 0.95;

  @Test
  void allowsWhatTheExactBoundAllows() {
    for (int n : new int[] {59, 93, 299, 606, 1000}) {
      for (double rate : new double[] {0.01, 0.05}) {
        if (n < FalsePositiveBound.fewest(rate, CONFIDENCE)) {
          continue;
        }
        int allowed = FalsePositiveBound.of(rate, CONFIDENCE, n).allowed();
        // One-sided 95 % is the upper end of the two-sided 90 % interval.
        assertThat(new Rate(allowed, n).clopperPearson(0.9).high())
            .isLessThanOrEqualTo(rate + 1e-9);
        assertThat(new Rate(allowed + 1, n).clopperPearson(0.9).high()).isGreaterThan(rate);
      }
    }
  }

  @Test
  void saysHowManyPromptsItTakes() {
    assertThat(FalsePositiveBound.fewest(0.01, CONFIDENCE)).isEqualTo(299);
    assertThat(FalsePositiveBound.fewest(0.05, CONFIDENCE)).isEqualTo(59);
    assertThat(FalsePositiveBound.of(0.01, CONFIDENCE, 299).allowed()).isZero();
    assertThatThrownBy(() -> FalsePositiveBound.of(0.01, CONFIDENCE, 298))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("299 are needed");
  }

  @Test
  void theTrueRateExceedsTheBoundAsSeldomAsPromised() {
    // Scores are uniform, so the true rate above a threshold t is 1 − t.
    var random = new Seeds(11).generator("bound");
    int n = 120;
    int trials = 2000;
    var bound = FalsePositiveBound.of(0.05, CONFIDENCE, n);
    int exceeded = 0;
    for (int trial = 0; trial < trials; trial++) {
      var scores = DoubleStream.generate(random::nextDouble).limit(n).boxed().toList();
      exceeded += 1 - bound.threshold(scores) > 0.05 ? 1 : 0;
    }
    // Its own 99.9 % interval must not lie above 5 %.
    assertThat(new Rate(exceeded, trials).clopperPearson(0.999).low()).isLessThan(0.05);
  }
}
