package dev.demur.lab.report.study;

import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.study.Role;
import dev.demur.lab.study.ScreenResult;
import dev.demur.lab.study.ScreenResult.ScreenedSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Histograms of the screen's refusal scores, harmful over harmless.
///
/// @param bin width of a bin, nats; 0, where prompts are separated, is on an edge
/// @param first number of the first bin: it begins at `first · bin`
/// @param harmful counts of harmful prompts
/// @param harmless counts of harmless prompts
record ScreenChart(double bin, int first, List<Integer> harmful, List<Integer> harmless) {

  /// Widths tried, nats; the first that needs no more than [#MOST_BINS] is taken.
  private static final List<Double> WIDTHS = List.of(0.25, 0.5, 1.0, 2.0);

  private static final int MOST_BINS = 30;

  static Chart of(ScreenResult screen) {
    var harmful = scores(screen, Role::isHarmful);
    var harmless = scores(screen, role -> !role.isHarmful());
    var sorted = Stream.concat(harmful.stream(), harmless.stream()).sorted().toList();
    double low = sorted.getFirst();
    double high = sorted.getLast();
    double bin =
        WIDTHS.stream()
            .filter(width -> place(high, width) - place(low, width) < MOST_BINS)
            .findFirst()
            .orElse(WIDTHS.getLast());
    int first = place(low, bin);
    int bins = place(high, bin) - first + 1;
    return new ScreenChart(
            bin, first, counts(harmful, bin, first, bins), counts(harmless, bin, first, bins))
        .chart();
  }

  private Chart chart() {
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 52, 30))
            .with("legend", Option.legend(List.of("harmful", "harmless")))
            .with(
                "xAxis",
                Option.axis("value", "Refusal score, nats", 28)
                    .with("min", edge(0))
                    .with("max", edge(harmful.size())))
            .with("yAxis", Option.upright("value", "Prompts").with("minInterval", 1))
            .with(
                "series",
                List.of(
                    steps("harmful", "var(--harmful)", harmful)
                        .with("markLine", Option.limit("xAxis", 0, "")),
                    tops("harmful", "var(--harmful)", harmful),
                    steps("harmless", "var(--harmless)", harmless),
                    tops("harmless", "var(--harmless)", harmless)));
    return new Chart(
        "screen-scores",
        "Refusal scores of the drawn prompts",
        "Train and validation prompts, unedited model; bin width "
            + Numbers.plain(bin)
            + " nats. Harmful prompts right of 0 and harmless prompts left of 0 are kept; the"
            + " better the two humps separate, the clearer the behaviour.",
        280,
        320,
        option);
  }

  /// The outline of a histogram: one point at the left edge of each bin.
  private Option steps(String name, String colour, List<Integer> counts) {
    var data = new ArrayList<List<Number>>();
    data.add(List.of(edge(0), 0));
    for (int i = 0; i < counts.size(); i++) {
      data.add(List.of(edge(i), counts.get(i)));
    }
    data.add(List.of(edge(counts.size()), 0));
    return Option.series("line", name)
        .with("step", "end")
        .with("showSymbol", false)
        .with("silent", true)
        .with("color", colour)
        .with("lineStyle", Option.line(colour, 1.5))
        .with("areaStyle", Option.of("opacity", 0.25).with("color", colour))
        .with("data", data);
  }

  /// A dot in the middle of each bin's top that tells its count.
  private Option tops(String name, String colour, List<Integer> counts) {
    var data = new ArrayList<Option>();
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0) {
        String tip =
            "%s: %s from %s to %s nats"
                .formatted(
                    name,
                    Numbers.counted(counts.get(i), "prompt"),
                    Numbers.plain(edge(i)),
                    Numbers.plain(edge(i + 1)));
        data.add(Option.point(tip, edge(i) + bin / 2, counts.get(i)));
      }
    }
    return Option.series("scatter", name)
        .with("symbolSize", 6)
        .with("color", colour)
        .with("data", data);
  }

  private double edge(int index) {
    return (first + index) * bin;
  }

  private static int place(double score, double bin) {
    return (int) Math.floor(score / bin);
  }

  private static List<Integer> counts(List<Double> scores, double bin, int first, int bins) {
    int[] counts = new int[bins];
    for (double score : scores) {
      counts[place(score, bin) - first]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  private static List<Double> scores(ScreenResult screen, Predicate<Role> wanted) {
    return screen.sets().stream()
        .filter(set -> wanted.test(set.role()))
        .map(ScreenedSet::scores)
        .flatMap(List::stream)
        .toList();
  }
}
