package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {

  private static RankCorrelation of(List<Double> one, List<Double> two) {
    return RankCorrelation.of(one, two, RandomSource.XO_RO_SHI_RO_128_PP.create(3));
  }

  /// scipy.stats.spearmanr([1, 2, 2, 4, 5, 7], [3, 1, 2, 6, 5, 9]) of SciPy 1.17.1.
  @Test
  void itIsSpearmansWithMeanRanksForTies() {
    var found = of(List.of(1., 2., 2., 4., 5., 7.), List.of(3., 1., 2., 6., 5., 9.));
    assertThat(found.rho()).isCloseTo(0.753702, within(1e-6));
    assertThat(found.lowest()).isLessThan(found.rho());
    assertThat(found.highest()).isGreaterThan(found.rho());
  }

  @Test
  void aMonotoneRelationIsOneAndItsChanceIsThatOfTheOrder() {
    var found = of(List.of(1., 2., 3., 4.), List.of(1., 10., 100., 1000.));
    assertThat(found.rho()).isEqualTo(1);
    // 2 of 24 orders have |ρ| = 1.
    assertThat(found.pValue()).isCloseTo(2.0 / 24, within(0.03));
  }

  @Test
  void whatDoesNotVaryCorrelatesWithNothing() {
    assertThat(of(List.of(1., 1., 1., 1.), List.of(1., 2., 3., 4.)).rho()).isZero();
  }

  @Test
  void theTestHoldsItsLevelOnNumbersThatHaveNothingToDoWithEachOther() {
    var random = new java.util.Random(5);
    var draws = RandomSource.XO_RO_SHI_RO_128_PP.create(5);
    long rejected =
        IntStream.range(0, 100)
            .filter(
                _ ->
                    RankCorrelation.of(
                                random.doubles(8).boxed().toList(),
                                random.doubles(8).boxed().toList(),
                                draws)
                            .pValue()
                        <= 0.05)
            .count();
    assertThat(rejected).isBetween(0L, 12L);
  }
}
