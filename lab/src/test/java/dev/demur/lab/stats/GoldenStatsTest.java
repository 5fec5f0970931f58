package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Numbers written by `tools/golden/lab_stats.py` with scipy and numpy.
class GoldenStatsTest {

  /// Closed forms and library quantiles: rounding of a few hundred float64 operations.
  private static final Offset<Double> EXACT = within(1e-10);

  /// Ends that both sides find by a numeric search; scipy's maximum of the likelihood is flat to
  /// 1e-8.
  private static final Offset<Double> SEARCHED = within(1e-6);

  private static final JsonNode GOLDEN = read();

  @Test
  void ratesHaveScipysIntervals() {
    for (var row : GOLDEN.get("rates")) {
      var rate = new Rate(row.get("successes").intValue(), row.get("n").intValue());
      double level = row.get("level").doubleValue();
      same(rate.wilson(level), row.get("wilson"), EXACT);
      same(rate.clopperPearson(level), row.get("clopperPearson"), EXACT);
    }
  }

  @Test
  void pairsHaveScipysTestAndTheIntervalOfTheDefinition() {
    for (var row : GOLDEN.get("pairs")) {
      var c = row.get("counts");
      var pairs =
          new PairedCounts(
              c.get(0).intValue(), c.get(1).intValue(), c.get(2).intValue(), c.get(3).intValue());
      assertThat(pairs.mcNemar()).isCloseTo(row.get("mcNemar").doubleValue(), EXACT);
      for (var interval : row.get("tango").properties()) {
        double level = Double.parseDouble(interval.getKey());
        same(pairs.riskDifferenceInterval(level), interval.getValue(), SEARCHED);
      }
    }
  }

  @Test
  void unpairedTestsHaveScipysPValues() {
    for (var row : GOLDEN.get("fisher")) {
      var rates = row.get("rates");
      assertThat(Significance.fisher(rate(rates.get(0)), rate(rates.get(1))))
          .isCloseTo(row.get("p").doubleValue(), EXACT);
    }
    for (var row : GOLDEN.get("twoSamples")) {
      assertThat(Significance.mannWhitney(numbers(row.get("first")), numbers(row.get("second"))))
          .isCloseTo(row.get("mannWhitney").doubleValue(), EXACT);
    }
  }

  @Test
  void areasUnderTheCurveFollowTheDefinition() {
    for (var row : GOLDEN.get("twoSamples")) {
      var auroc = Auroc.of(numbers(row.get("first")), numbers(row.get("second")));
      assertThat(auroc.value()).isCloseTo(row.get("auroc").doubleValue(), EXACT);
      assertThat(auroc.deLongError()).isCloseTo(row.get("deLongError").doubleValue(), EXACT);
      same(auroc.newcombe(0.95), row.get("newcombe"), EXACT);
    }
  }

  @Test
  void agreementFollowsTheDefinitions() {
    for (var row : GOLDEN.get("agreement")) {
      var counts = stream(row.get("counts")).map(GoldenStatsTest::integers).toList();
      var names = List.of("full", "partial", "none").subList(0, counts.size());
      var table = new AgreementTable(names, counts);
      assertThat(table.kappa()).isCloseTo(row.get("kappa").doubleValue(), EXACT);
      assertThat(table.ac1()).isCloseTo(row.get("ac1").doubleValue(), EXACT);
    }
  }

  @Test
  void holmFollowsTheDefinition() {
    for (var row : GOLDEN.get("holm")) {
      var adjusted = Significance.holm(numbers(row.get("p")));
      for (int i = 0; i < adjusted.size(); i++) {
        assertThat(adjusted.get(i)).isCloseTo(row.get("adjusted").get(i).doubleValue(), EXACT);
      }
    }
  }

  @Test
  void correctedRatesFollowTheDefinitions() {
    for (var row : GOLDEN.get("calibrations")) {
      var calibration = new Calibration(rate(row.get("sensitivity")), rate(row.get("specificity")));
      var apparent = rate(row.get("apparent"));
      assertThat(calibration.correct(apparent))
          .isCloseTo(row.get("corrected").doubleValue(), EXACT);
      same(calibration.interval(apparent, 0.95), row.get("interval"), EXACT);
    }
  }

  @Test
  void pairedScoresHaveScipysTestAndInterval() {
    for (var row : GOLDEN.get("pairedScores")) {
      var scores = PairedScores.of(numbers(row.get("first")), numbers(row.get("second")));
      assertThat(scores.mean()).isCloseTo(row.get("mean").doubleValue(), EXACT);
      assertThat(scores.pValue()).isCloseTo(row.get("p").doubleValue(), EXACT);
      for (var interval : row.get("intervals").properties()) {
        double level = Double.parseDouble(interval.getKey());
        same(scores.interval(level), interval.getValue(), EXACT);
      }
    }
  }

  /// Two bootstraps draw differently, so the ends agree up to the noise of 20,000 draws: about 1 %
  /// of the width at a 2.5 % tail.
  @Test
  void bootstrapIntervalsAreScipysUpToTheirNoise() {
    for (var row : GOLDEN.get("bootstraps")) {
      ToDoubleFunction<List<Double>> statistic =
          row.get("statistic").stringValue().equals("mean")
              ? values -> Summary.of(values).mean()
              : values -> Summary.of(values).sd();
      var bootstrap = new Bootstrap(new Seeds(1), "golden", 20_000);
      var values = numbers(row.get("values"));
      near(bootstrap.percentile(values, statistic, 0.95), row.get("percentile"));
      near(bootstrap.bca(values, statistic, 0.95), row.get("BCa"));
    }
  }

  private static void near(Interval found, JsonNode expected) {
    double width = expected.get(1).doubleValue() - expected.get(0).doubleValue();
    same(found, expected, within(0.03 * width));
  }

  @Test
  void summariesHaveNumpysNumbers() {
    for (var row : GOLDEN.get("summaries")) {
      var summary = Summary.of(numbers(row.get("values")));
      assertThat(summary.mean()).isCloseTo(row.get("mean").doubleValue(), EXACT);
      assertThat(summary.sd()).isCloseTo(row.get("sd").doubleValue(), EXACT);
      for (var quantile : row.get("quantiles").properties()) {
        assertThat(summary.quantile(Double.parseDouble(quantile.getKey())))
            .isCloseTo(quantile.getValue().doubleValue(), EXACT);
      }
    }
  }

  private static void same(Interval found, JsonNode expected, Offset<Double> tolerance) {
    assertThat(found.low()).isCloseTo(expected.get(0).doubleValue(), tolerance);
    assertThat(found.high()).isCloseTo(expected.get(1).doubleValue(), tolerance);
  }

  private static Rate rate(JsonNode pair) {
    return new Rate(pair.get(0).intValue(), pair.get(1).intValue());
  }

  private static List<Double> numbers(JsonNode list) {
    return stream(list).map(JsonNode::doubleValue).toList();
  }

  private static List<Integer> integers(JsonNode list) {
    return stream(list).map(JsonNode::intValue).toList();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static JsonNode read() {
    try (var in = GoldenStatsTest.class.getResourceAsStream("/golden/lab_stats.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
