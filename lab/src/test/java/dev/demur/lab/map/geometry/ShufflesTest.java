package dev.demur.lab.map.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

/// What shuffled labels say.
class ShufflesTest {

  @Test
  void whereLabelsMeanNothingTheTestSaysSoNinetyFiveTimesOfAHundred() {
    var random = new Random(7);
    var draws = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    int rejected = 0;
    for (int i = 0; i < 200; i++) {
      double[] target = random.doubles(12).toArray();
      double[] contrast = random.doubles(20).toArray();
      rejected += Shuffles.pValue(target, contrast, draws) <= 0.05 ? 1 : 0;
    }
    // 10 of 200 are expected; more than 19 or fewer than 3 has a chance below 1 in 100.
    assertThat(rejected).isBetween(3, 19);
  }

  @Test
  void whereLabelsMeanSomethingTheTestSaysThat() {
    var draws = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    double[] target = new Random(1).doubles(12).map(x -> x + 2).toArray();
    assertThat(Shuffles.pValue(target, new Random(2).doubles(12).toArray(), draws))
        .isLessThan(0.001);
  }
}
