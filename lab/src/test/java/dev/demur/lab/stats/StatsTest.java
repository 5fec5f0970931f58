package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatsTest {

  private static final double ROUNDING = 1e-12; // a few float64 operations on numbers near 1

  @Test
  void saysWhatFewPromptsCannotTellApart() {
    assertThat(new Rate(29, 32).warning())
        .hasValue(
            "32 prompts cannot tell 91 % from 97 %: the 95 % interval is 76 % to 97 %; about 128"
                + " prompts would halve it.");
    assertThat(new Rate(32, 32).warning().orElseThrow())
        .startsWith("32 prompts cannot tell 100 % from 89 %");
    assertThat(new Rate(900, 1000).warning()).isEmpty();
  }

  @Test
  void refusesCountsThatCannotBe() {
    assertThatThrownBy(() -> new Rate(3, 2)).hasMessage("successes must be 0 to 2, was 3");
    assertThatThrownBy(() -> new Rate(0, 0)).hasMessage("n must be >= 1, was 0");
    assertThatThrownBy(() -> new Rate(1, 2).wilson(95))
        .hasMessage("level must be above 0 and below 1, was 95.0");
  }

  @Test
  void swappingTheVariantsTurnsTheDifferenceRound() {
    var pairs = new PairedCounts(3, 9, 2, 6);
    var swapped = new PairedCounts(3, 2, 9, 6);
    assertThat(swapped.mcNemar()).isEqualTo(pairs.mcNemar());
    assertThat(swapped.riskDifference()).isEqualTo(-pairs.riskDifference());
    var interval = pairs.riskDifferenceInterval(0.95);
    var turned = swapped.riskDifferenceInterval(0.95);
    assertThat(turned.low()).isCloseTo(-interval.high(), within(ROUNDING));
    assertThat(turned.high()).isCloseTo(-interval.low(), within(ROUNDING));
  }

  /// A1.
  @Test
  void mcNemarOfTwoToOneIsOne() {
    assertThat(new PairedCounts(0, 2, 1, 0).mcNemar()).isEqualTo(1);
    assertThat(new PairedCounts(0, 21, 7, 0).mcNemar()).isCloseTo(0.01254, within(5e-6));
    assertThat(new PairedCounts(0, 47, 29, 0).mcNemar()).isCloseTo(0.0505, within(5e-5));
  }

  /// A2.
  @Test
  void fisherCountsTheTableThatIsAsLikelyOnTheOtherSide() {
    assertThat(Significance.fisher(new Rate(3, 29), new Rate(3, 39))).isEqualTo(1);
    assertThat(Significance.fisher(new Rate(10, 14), new Rate(22, 27)))
        .isCloseTo(0.692, within(5e-4));
  }

  @Test
  void countsPairsInOrder() {
    assertThat(
            PairedCounts.of(
                List.of(true, true, false, false, true), List.of(true, false, true, false, true)))
        .isEqualTo(new PairedCounts(2, 1, 1, 1));
  }

  @Test
  void onlyPairsInWhichBothCountAreCounted() {
    var first = List.of(1, -2, 3, 0, 5);
    var second = List.of(-1, 2, 0, 4, 5);
    assertThat(PairedCounts.of(first, second, one -> one != 0, one -> one > 0))
        .contains(new PairedCounts(1, 1, 1, 0));
    assertThat(PairedCounts.of(first, second, one -> one > 9, one -> true)).isEmpty();
    assertThatThrownBy(() -> PairedCounts.of(first, List.of(1), one -> true, one -> true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFamilyOfTestsIsTheSameByNameAndInOrder() {
    var counts =
        List.of(
            new PairedCounts(0, 21, 7, 0),
            new PairedCounts(3, 9, 2, 6),
            new PairedCounts(0, 2, 1, 0));
    var named = new LinkedHashMap<String, PairedCounts>();
    counts.forEach(each -> named.put(each.toString(), each));
    assertThat(PairedTest.family(named).keySet()).containsExactlyElementsOf(named.keySet());
    assertThat(PairedTest.family(named).values())
        .containsExactlyElementsOf(PairedTest.family(counts));
  }

  @Test
  void aPerfectJudgeNeedsNoCorrection() {
    var perfect = new Calibration(new Rate(50, 50), new Rate(50, 50));
    assertThat(perfect.correct(new Rate(30, 100))).isCloseTo(0.3, within(ROUNDING));
    assertThat(perfect.interval(new Rate(30, 100), 0.95).contains(0.3)).isTrue();
  }

  @Test
  void aJudgeThatGuessesCannotBeCorrected() {
    var guessing = new Calibration(new Rate(10, 20), new Rate(10, 20));
    assertThatThrownBy(() -> guessing.correct(new Rate(1, 2)))
        .hasMessageContaining("must add up to more than 1");
  }

  @Test
  void theSameSeedResamplesAlike() {
    var data = IntStream.range(0, 30).mapToObj(i -> (double) (i * i)).toList();
    var first = new Bootstrap(new Seeds(3), "x", 200).bca(data, StatsTest::mean, 0.9);
    assertThat(new Bootstrap(new Seeds(3), "x", 200).bca(data, StatsTest::mean, 0.9))
        .isEqualTo(first);
    assertThat(new Bootstrap(new Seeds(3), "y", 200).bca(data, StatsTest::mean, 0.9))
        .isNotEqualTo(first);
  }

  @Test
  void aConstantStatisticHasAnIntervalWithoutWidth() {
    var data = List.of(2.0, 2.0, 2.0);
    var interval = new Bootstrap(new Seeds(3), "x", 100).bca(data, StatsTest::mean, 0.95);
    assertThat(interval.low()).isEqualTo(2);
    assertThat(interval.high()).isEqualTo(2);
  }

  @Test
  void summariesRefuseWhatIsNotANumber() {
    assertThatThrownBy(() -> Summary.of(List.of(1.0, Double.NaN)))
        .hasMessage("value 1 is NaN; expected a number");
    assertThatThrownBy(() -> Summary.of(List.<Double>of())).hasMessageContaining("no values");
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
