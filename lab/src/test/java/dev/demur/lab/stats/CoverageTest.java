package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/// How often each 95 % interval holds the truth, with the truth itself drawn anew every time: a
/// single share would show the jumps of counting, not the method.
class CoverageTest {

  private static final double LEVEL = 0.95;
  private static final double LEAST = 0.94;
  private static final double MOST = 0.97;

  /// The standard error of a coverage near 0.95 over this many draws is 0.0015.
  private static final int DRAWS = 20_000;

  /// For intervals that cost a resampling each; standard error 0.004.
  private static final int COSTLY_DRAWS = 3_000;

  /// Fewer than a study's 1,000: a coarser end of an interval errs to both sides alike.
  private static final int RESAMPLES = 500;

  private final Seeds seeds = new Seeds(Long.getLong("tests.seed", 1));

  @Test
  void wilsonHoldsTheTruth() {
    proportion(32, Rate::wilson);
    proportion(100, Rate::wilson);
  }

  @Test
  void clopperPearsonHoldsTheTruth() {
    proportion(159, Rate::clopperPearson);
  }

  @Test
  void tangoHoldsTheTruth() {
    covers(
        DRAWS / 4,
        random -> {
          double onlyFirst = random.nextDouble(0.02, 0.6);
          double onlySecond = random.nextDouble(0.02, 0.3);
          int[] counts = new int[3];
          for (int i = 0; i < 100; i++) {
            double u = random.nextDouble();
            counts[u < onlyFirst ? 0 : u < onlyFirst + onlySecond ? 1 : 2]++;
          }
          return new PairedCounts(counts[2], counts[0], counts[1], 0)
              .riskDifferenceInterval(LEVEL)
              .contains(onlyFirst - onlySecond);
        });
  }

  @Test
  void roganGladenHoldsTheTruth() {
    covers(
        DRAWS,
        random -> {
          double truth = random.nextDouble(0.05, 0.95);
          double sens = random.nextDouble(0.75, 0.97);
          double spec = random.nextDouble(0.75, 0.97);
          double apparent = truth * sens + (1 - truth) * (1 - spec);
          var calibration =
              new Calibration(binomial(random, 100, sens), binomial(random, 100, spec));
          return calibration.interval(binomial(random, 200, apparent), LEVEL).contains(truth);
        });
  }

  @Test
  void areasUnderTheCurveHoldTheTruth() {
    covers(DRAWS / 4, random -> area(random, Auroc::newcombe));
    covers(DRAWS / 4, random -> area(random, Auroc::deLong));
  }

  @Test
  void studentHoldsTheMeanDifference() {
    covers(
        DRAWS,
        random ->
            PairedScores.of(gaussians(random, 32, 1.5), gaussians(random, 32, 1))
                .interval(LEVEL)
                .contains(0.5));
  }

  @Test
  void theBootstrapHoldsTheMean() {
    covers(COSTLY_DRAWS, random -> mean(random, CoverageTest::percentile));
    covers(COSTLY_DRAWS, random -> mean(random, CoverageTest::bca));
  }

  private void covers(int draws, Predicate<UniformRandomProvider> holds) {
    var random = seeds.generator("coverage");
    int held = 0;
    for (int i = 0; i < draws; i++) {
      held += holds.test(random) ? 1 : 0;
    }
    assertThat((double) held / draws)
        .as("coverage with -Dtests.seed=" + seeds.root())
        .isBetween(LEAST, MOST);
  }

  private interface RateInterval {
    Interval of(Rate rate, double level);
  }

  private void proportion(int n, RateInterval method) {
    var intervals =
        IntStream.rangeClosed(0, n).mapToObj(s -> method.of(new Rate(s, n), LEVEL)).toList();
    covers(
        DRAWS,
        random -> {
          double truth = random.nextDouble(0.05, 0.95);
          return intervals.get(binomial(random, n, truth).successes()).contains(truth);
        });
  }

  private interface AreaInterval {
    Interval of(Auroc auroc, double level);
  }

  private static boolean area(UniformRandomProvider random, AreaInterval method) {
    double shift = random.nextDouble(0, 1.5);
    double truth = NormalDistribution.of(0, 1).cumulativeProbability(shift / Math.sqrt(2));
    var auroc = Auroc.of(gaussians(random, 50, shift), gaussians(random, 60, 0));
    return method.of(auroc, LEVEL).contains(truth);
  }

  private interface MeanInterval {
    Interval of(Bootstrap bootstrap, List<Double> data);
  }

  private static boolean mean(UniformRandomProvider random, MeanInterval method) {
    var bootstrap = new Bootstrap(new Seeds(random.nextLong()), "mean", RESAMPLES);
    return method.of(bootstrap, gaussians(random, 100, 3)).contains(3);
  }

  private static Interval percentile(Bootstrap bootstrap, List<Double> data) {
    return bootstrap.percentile(data, CoverageTest::average, LEVEL);
  }

  private static Interval bca(Bootstrap bootstrap, List<Double> data) {
    return bootstrap.bca(data, CoverageTest::average, LEVEL);
  }

  private static double average(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.size();
  }

  private static Rate binomial(UniformRandomProvider random, int n, double share) {
    int successes = 0;
    for (int i = 0; i < n; i++) {
      successes += random.nextDouble() < share ? 1 : 0;
    }
    return new Rate(successes, n);
  }

  private static List<Double> gaussians(UniformRandomProvider random, int n, double mean) {
    var values = new ArrayList<Double>(n);
    for (int i = 0; i < n; i++) { // Box and Muller
      double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
      values.add(mean + radius * Math.cos(2 * Math.PI * random.nextDouble()));
    }
    return values;
  }
}
