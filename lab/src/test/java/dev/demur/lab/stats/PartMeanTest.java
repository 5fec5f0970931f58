package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bounds on the mean of all from some.
class PartMeanTest {

  private static final double ERROR = 0.05;

  @Test
  void nothingIsOpenOnceAllAreKnown() {
    assertThat(PartMean.of(List.of(1.0, 5.0, -3.0), 3).reach(ERROR)).isZero();
  }

  @Test
  void oneScoreTellsNothing() {
    assertThat(PartMean.of(List.of(1.0), 2).reach(ERROR)).isInfinite();
  }

  @Test
  void reachIsStudentsWithTheCorrectionForAFiniteSet() {
    // scipy 1.17: t.ppf(0.95, 3) * std(ddof=1) * sqrt((1 - 4/10) / 4) of 1, 2, 3, 6
    assertThat(PartMean.of(List.of(1.0, 2.0, 3.0, 6.0), 10).reach(ERROR))
        .isCloseTo(1.9689651, within(1e-6));
  }

  @Test
  void moreScoresThanThereAreAreRefused() {
    assertThatThrownBy(() -> PartMean.of(List.of(1.0, 2.0), 1))
        .hasMessage("2 scores of a set of 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void boundsMissAsOftenAsTheySay(int known) {
    int repeats = 4000;
    var random = new Random(7);
    long missed =
        IntStream.range(0, repeats)
            .filter(
                _ -> {
                  var all = Stream.generate(random::nextGaussian).limit(32).toList();
                  double mean = Summary.of(all).mean();
                  var part = PartMean.of(all.subList(0, known), all.size());
                  return part.known().mean() + part.reach(ERROR) < mean;
                })
            .count();
    // Three standard errors of a share of 5 % in 4,000 draws.
    assertThat((double) missed / repeats).isCloseTo(ERROR, within(0.0103));
  }
}
