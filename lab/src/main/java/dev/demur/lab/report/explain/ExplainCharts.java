package dev.demur.lab.report.explain;

import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.CurvePoint;
import dev.demur.lab.explain.Explanation.RegionRow;
import dev.demur.lab.explain.GeometryResult;
import dev.demur.lab.report.Bands;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.stats.Estimate;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Drawings of an explanation.
final class ExplainCharts {

  /// As many series colours as the style sheet has.
  private static final int COLOURS = 8;

  private ExplainCharts() {}

  /// Cosine at the last token over layers, one line for each condition.
  static Chart cosines(Explanation found) {
    return curve(found, "cosine", "Cosine with the direction", CurvePoint::cosine, Unit.COSINE);
  }

  /// Projection at the last token over layers.
  static Chart projections(Explanation found) {
    return curve(
        found, "projection", "Projection on the direction", CurvePoint::projection, Unit.STREAM);
  }

  private static Chart curve(
      Explanation found, String id, String title, Function<CurvePoint, Estimate> value, Unit unit) {
    var names = found.conditions().stream().map(row -> row.condition().name()).toList();
    var series = new ArrayList<Option>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      var points = new ArrayList<Option>();
      var ends = new ArrayList<Bands.End>();
      for (int layer = 0; layer <= found.subject().layers(); layer++) {
        var estimate = value.apply(found.point(name, -1, layer));
        points.add(Option.point(tip(name, layer, estimate, unit), layer, estimate.mean()));
        ends.add(new Bands.End(layer, estimate.low(), estimate.high()));
      }
      String colour = String.format(Locale.ROOT, "var(--series-%d)", i % COLOURS + 1);
      series.add(
          Option.series("line", name)
              .with("symbolSize", 5)
              .with("color", colour)
              .with("lineStyle", Option.line(colour, i == 0 ? 2.5 : 1.5))
              .with("emphasis", Option.of("focus", "series"))
              .with("data", points));
      series.addAll(Bands.of(name, colour, ends));
    }
    int layer = found.subject().directionLayer();
    series.set(
        0,
        series
            .getFirst()
            .with("markLine", Option.limit("xAxis", layer, "direction read at " + layer)));
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 56, 30))
            .with("legend", Option.legend(names))
            .with(
                "xAxis",
                Option.axis("value", "Layer", 28)
                    .with("min", 0)
                    .with("max", found.subject().layers())
                    .with("minInterval", 1))
            .with("yAxis", Option.upright("value", unit == Unit.COSINE ? "Cosine" : "Stream units"))
            .with("series", series);
    var narrow = Option.of("grid", Option.grid(8, 16, 56 + 12 * names.size(), 30));
    return new Chart(
        id,
        title + " at the last token",
        "Mean over prompts of resid_pre at each layer, with 95 % intervals as bands; the last point"
            + " is the final stream.",
        320,
        320,
        option.responsive(narrow));
  }

  private static String tip(String name, int layer, Estimate e, Unit unit) {
    return String.format(
        Locale.ROOT,
        "%s, layer %d\n%s (SD %s)\n95 %% interval %s",
        name,
        layer,
        Numbers.amount(e.mean(), unit),
        Numbers.amount(e.sd(), unit),
        Numbers.range(e.interval(), unit));
  }

  /// What the heads look at, a bar for each head and condition.
  static Chart attention(Explanation found) {
    var bars = new ArrayList<String>();
    var regions = new ArrayList<List<RegionRow>>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        bars.add(head.head().text() + " " + condition.written().condition());
        regions.add(condition.regions());
      }
    }
    var shown =
        Arrays.stream(Region.values())
            .filter(r -> regions.stream().flatMap(List::stream).anyMatch(row -> row.region() == r))
            .toList();
    var series = new ArrayList<Option>();
    for (int i = 0; i < shown.size(); i++) {
      var region = shown.get(i);
      String name = region.name().toLowerCase(Locale.ROOT);
      var data = new ArrayList<Option>();
      for (int bar = 0; bar < bars.size(); bar++) {
        double mass = mass(regions.get(bar), region);
        data.add(
            Option.of("name", "%s\n%s: %s".formatted(bars.get(bar), name, Numbers.share(mass)))
                .with("value", mass));
      }
      series.add(
          Option.series("bar", name)
              .with("stack", "attention")
              .with("color", String.format(Locale.ROOT, "var(--series-%d)", i + 1))
              .with("data", data));
    }
    var option =
        Option.chart()
            .with("grid", Option.grid(4, 16, 34, 30))
            .with(
                "legend",
                Option.legend(shown.stream().map(r -> r.name().toLowerCase(Locale.ROOT)).toList()))
            .with("xAxis", Option.axis("value", "Share of attention", 28).with("max", 1))
            .with(
                "yAxis",
                Option.of("type", "category").with("data", bars).with("inverse", true).bare())
            .with("series", series);
    return new Chart(
        "attention-regions",
        "What the heads look at from the last token",
        "Mean share of attention by what the tokens belong to; template is what stands"
            + " before the instruction, eoi what the template writes after it.",
        bars.size() * 16 + 96,
        360,
        option);
  }

  private static double mass(List<RegionRow> rows, Region region) {
    return rows.stream()
        .filter(row -> row.region() == region)
        .mapToDouble(row -> row.mass().mean())
        .findFirst()
        .orElse(0);
  }

  /// The prompts on their two main axes.
  static Chart pca(GeometryResult geometry) {
    var series = new ArrayList<Option>();
    var names = List.of("plain", "harmless");
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      var points =
          geometry.pca().stream()
              .filter(p -> p.condition().equals(name))
              .map(p -> Option.point(name, p.first(), p.second()))
              .toList();
      series.add(
          Option.series("scatter", name)
              .with("symbol", i == 0 ? "circle" : "emptyCircle")
              .with("symbolSize", 7)
              .with("color", String.format(Locale.ROOT, "var(--series-%d)", i + 1))
              .with("data", points));
    }
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 56, 30))
            .with("legend", Option.symbols(names))
            .with("xAxis", Option.axis("value", axis("First", geometry.explained().get(0)), 28))
            .with("yAxis", Option.upright("value", axis("Second", geometry.explained().get(1))))
            .with("series", series);
    return new Chart(
        "pca",
        "The prompts on the two main axes of their activations",
        "Principal components of resid_pre at the direction's layer and position, stream units.",
        360,
        320,
        option);
  }

  private static String axis(String name, double share) {
    return name + " axis, " + Numbers.share(share) + " of the variance";
  }
}
