package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.Seeds;
import dev.demur.lab.monitor.FalsePositiveBound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every test and interval over its whole practical range, against what scipy says
/// (`tools/golden/lab_stats_ranges.py`). A handful of examples let 230 of 6,560 McNemar tables pass
/// with p-values of half their size.
class WholeRangeTest {

  /// Relative error of one value: rounding of a few hundred float64 operations on either side.
  private static final double CLOSE = 1e-10;

  /// Of a sum of logarithms: hundreds of terms up to 200 in size, each right to [#CLOSE] or better.
  private static final Offset<Double> SUMMED = within(1e-7);

  /// Ends that scipy finds by a numeric search whose likelihood is flat to 1e-8.
  private static final Offset<Double> SEARCHED = within(1e-6);

  private static final int MOST_PAIRS = 160;

  private static final JsonNode GOLDEN = read();

  /// A1.
  @Test
  void mcNemarIsScipysForAllPairsUpTo160() {
    int b = 0;
    for (var row : GOLDEN.get("mcNemar")) {
      int first = b;
      var found =
          IntStream.rangeClosed(0, MOST_PAIRS)
              .mapToDouble(c -> first + c == 0 ? 1 : new PairedCounts(0, first, c, 0).mcNemar());
      same(found, row, "b = " + b);
      b++;
    }
    assertThat(b).isEqualTo(MOST_PAIRS + 1);
  }

  /// A2.
  @Test
  void fisherIsScipysForAllTablesWithTotalsUpTo40() {
    for (var row : GOLDEN.get("fisher")) {
      int n = row.get("totals").get(0).intValue();
      int m = row.get("totals").get(1).intValue();
      var found =
          IntStream.rangeClosed(0, n)
              .boxed()
              .flatMapToDouble(
                  a ->
                      IntStream.rangeClosed(0, m)
                          .mapToDouble(b -> Significance.fisher(new Rate(a, n), new Rate(b, m))));
      same(found, row.get("sums"), "totals " + n + " and " + m);
    }
  }

  /// A2.
  @Test
  void fisherIsScipysForLargeTables() {
    for (var row : GOLDEN.get("fisherLarge")) {
      var first = rate(row.get("rates").get(0));
      var second = rate(row.get("rates").get(1));
      close(Significance.fisher(first, second), row.get("p"), row);
      assertThat(Significance.fisher(second, first)).isEqualTo(Significance.fisher(first, second));
    }
  }

  @Test
  void intervalsOfRatesAreScipysForAllCountsUpTo200() {
    for (var row : GOLDEN.get("rates")) {
      int n = row.get("n").intValue();
      for (var level : row.get("levels").properties()) {
        double at = Double.parseDouble(level.getKey());
        ends(n, rate -> rate.wilson(at), level.getValue().get("wilson"));
        ends(n, rate -> rate.clopperPearson(at), level.getValue().get("clopperPearson"));
      }
    }
  }

  private static void ends(int n, Function<Rate, Interval> method, JsonNode expected) {
    var intervals =
        IntStream.rangeClosed(0, n).mapToObj(s -> method.apply(new Rate(s, n))).toList();
    String what = intervals.getFirst().method() + " of " + n;
    same(intervals.stream().mapToDouble(Interval::low), expected.get(0), what);
    same(intervals.stream().mapToDouble(Interval::high), expected.get(1), what);
  }

  @Test
  void boundsOnFalsePositivesAreScipysForUpTo1500Prompts() {
    for (var row : GOLDEN.get("bounds")) {
      double rate = row.get("rate").doubleValue();
      double confidence = row.get("confidence").doubleValue();
      int fewest = row.get("fewest").intValue();
      if (fewest < 0) { // 1,500 prompts are not enough
        assertThat(FalsePositiveBound.fewest(rate, confidence)).isGreaterThan(1500);
        continue;
      }
      assertThat(FalsePositiveBound.fewest(rate, confidence)).as("%s", row).isEqualTo(fewest);
      long sum = 0;
      long weighted = 0;
      for (int n = fewest; n <= 1500; n++) {
        int allowed = FalsePositiveBound.of(rate, confidence, n).allowed();
        sum += allowed;
        weighted += (long) allowed * n;
      }
      assertThat(sum).as("%s", row).isEqualTo(row.get("sum").longValue());
      assertThat(weighted).as("%s", row).isEqualTo(row.get("weighted").longValue());
    }
  }

  @Test
  void mannWhitneyIsScipysForEveryUOfUpTo12And12Values() {
    for (var row : GOLDEN.get("mannWhitney")) {
      int m = row.get("sizes").get(0).intValue();
      int n = row.get("sizes").get(1).intValue();
      var second = IntStream.rangeClosed(1, n).mapToObj(i -> (double) i).toList();
      var found =
          IntStream.rangeClosed(0, m * n)
              .mapToDouble(u -> Significance.mannWhitney(above(u, m, n), second));
      same(found, row.get("sums"), "sizes " + m + " and " + n);
    }
  }

  /// `m` values that stand above 1…n `u` times in all, without ties.
  private static List<Double> above(int u, int m, int n) {
    var values = new ArrayList<Double>();
    int left = u;
    for (int i = 0; i < m; i++) {
      int below = Math.min(n, left);
      values.add(below + 0.5 + 0.01 * i / m);
      left -= below;
    }
    return values;
  }

  @Test
  void samplesWithAndWithoutTiesHaveScipysTestAndTheAreasOfTheDefinition() {
    for (var row : GOLDEN.get("twoSamples")) {
      var first = numbers(row.get("first"));
      var second = numbers(row.get("second"));
      close(Significance.mannWhitney(first, second), row.get("mannWhitney"), row);
      var auroc = Auroc.of(first, second);
      close(auroc.value(), row.get("auroc"), row);
      close(auroc.deLongError(), row.get("deLongError"), row);
      same(auroc.newcombe(0.95), row.get("newcombe"), within(CLOSE), row);
    }
  }

  @Test
  void studentIsScipysForEverySizeUpTo200() {
    for (var row : GOLDEN.get("student")) {
      var values = numbers(row.get("values"));
      var scores = PairedScores.of(values, values.stream().map(v -> 0.0).toList());
      close(scores.pValue(), row.get("p"), row);
      var near = within(CLOSE * 10 * Math.abs(values.getFirst()));
      for (var level : row.get("intervals").properties()) {
        var found = scores.interval(Double.parseDouble(level.getKey()));
        same(found, level.getValue(), near, row);
      }
      same(Estimate.of(values).interval(), row.get("intervals").get("0.95"), near, row);
    }
  }

  @Test
  void boundsOfPartsReachAsFarAsScipysQuantiles() {
    for (var row : GOLDEN.get("reaches")) {
      int n = row.get("n").intValue();
      var known = IntStream.range(0, n).mapToObj(i -> (double) i).toList();
      double sd = Summary.of(known).sd();
      double found = PartMean.of(known, 2 * n).reach(row.get("error").doubleValue());
      close(found / (sd * Math.sqrt(0.5 / n)), row.get("quantile"), row);
    }
  }

  @Test
  void tangoIsItsDefinition() {
    for (var row : GOLDEN.get("tango")) {
      var c = row.get("counts");
      var pairs =
          new PairedCounts(
              c.get(0).intValue(), c.get(1).intValue(), c.get(2).intValue(), c.get(3).intValue());
      same(pairs.riskDifferenceInterval(0.95), row.get("interval"), SEARCHED, row);
    }
  }

  @Test
  void agreementIsItsDefinition() {
    for (var row : GOLDEN.get("agreement")) {
      var counts = stream(row.get("counts")).map(WholeRangeTest::integers).toList();
      var table =
          new AgreementTable(List.of("a", "b", "c", "d", "e").subList(0, counts.size()), counts);
      assertThat(table.kappa()).isCloseTo(row.get("kappa").doubleValue(), within(CLOSE));
      assertThat(table.ac1()).isCloseTo(row.get("ac1").doubleValue(), within(CLOSE));
    }
  }

  @Test
  void holmIsItsDefinition() {
    for (var row : GOLDEN.get("holm")) {
      var adjusted = Significance.holm(numbers(row.get("p")));
      assertThat(adjusted)
          .usingElementComparator((x, y) -> Math.abs(x - y) <= CLOSE ? 0 : Double.compare(x, y))
          .isEqualTo(numbers(row.get("adjusted")));
    }
  }

  @Test
  void correctedRatesAreTheirDefinition() {
    for (var row : GOLDEN.get("calibrations")) {
      var calibration = new Calibration(rate(row.get("sensitivity")), rate(row.get("specificity")));
      var apparent = rate(row.get("apparent"));
      close(calibration.correct(apparent), row.get("corrected"), row);
      same(calibration.interval(apparent, 0.95), row.get("interval"), within(CLOSE), row);
    }
  }

  @Test
  void quantilesAreNumpysForEverySizeUpTo60() {
    for (var row : GOLDEN.get("quantiles")) {
      var summary = Summary.of(numbers(row.get("values")));
      var found = numbers(row.get("points")).stream().map(summary::quantile).toList();
      var expected = numbers(row.get("quantiles"));
      double width = summary.max() - summary.min();
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).isCloseTo(expected.get(i), within(CLOSE * width));
      }
    }
  }

  /// Two bootstraps draw differently: 20,000 draws leave ends a noise of 1 % of the width at a 2.5
  /// % tail, 4 % where the tail is long; a mean of zeros and ones moves by whole steps.
  @Test
  void bootstrapsAreScipysUpToTheirNoise() {
    for (var row : GOLDEN.get("bootstraps")) {
      ToDoubleFunction<List<Double>> statistic =
          row.get("statistic").stringValue().equals("mean")
              ? values -> Summary.of(values).mean()
              : values -> Summary.of(values).sd();
      var bootstrap = new Bootstrap(new Seeds(1), "ranges", 20_000);
      var values = numbers(row.get("values"));
      boolean counted = values.stream().allMatch(v -> v == 0 || v == 1);
      double step = counted ? 1.0 / values.size() : 0;
      for (var method : List.of("percentile", "BCa")) {
        var expected = row.get(method);
        double width = expected.get(1).doubleValue() - expected.get(0).doubleValue();
        var found =
            method.equals("BCa")
                ? bootstrap.bca(values, statistic, 0.95)
                : bootstrap.percentile(values, statistic, 0.95);
        same(found, expected, within(0.04 * width + step), row);
      }
    }
  }

  /// Compares the sum of the values and the sum of the logarithms of those above 0.
  private static void same(DoubleStream found, JsonNode sums, String what) {
    double[] values = found.toArray();
    assertThat(DoubleStream.of(values).sum())
        .as(what)
        .isCloseTo(sums.get(0).doubleValue(), within(CLOSE * values.length));
    assertThat(DoubleStream.of(values).filter(v -> v > 0).map(Math::log).sum())
        .as(what + ", logarithms")
        .isCloseTo(sums.get(1).doubleValue(), SUMMED);
  }

  private static void same(Interval found, JsonNode expected, Offset<Double> near, JsonNode row) {
    assertThat(found.low()).as("%s", row).isCloseTo(expected.get(0).doubleValue(), near);
    assertThat(found.high()).as("%s", row).isCloseTo(expected.get(1).doubleValue(), near);
  }

  private static void close(double found, JsonNode expected, JsonNode row) {
    double value = expected.doubleValue();
    assertThat(found).as("%s", row).isCloseTo(value, within(CLOSE * Math.abs(value) + 1e-300));
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
    try (var in = WholeRangeTest.class.getResourceAsStream("/golden/lab_stats_ranges.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
