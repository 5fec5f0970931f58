package dev.demur.lab.report.explain;

import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.PaperFigures;
import dev.demur.lab.explain.PaperFigures.MainAxis;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
import dev.demur.lab.report.Bands;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Drawings of interventions and of the main axis.
final class FigureCharts {

  private static final int COLOURS = 8;

  private FigureCharts() {}

  /// Projection at the last token over layers: both kinds of prompts under every intervention.
  static Chart steered(Explanation found, PaperFigures figures) {
    var names = new ArrayList<String>();
    var series = new ArrayList<Option>();
    for (int i = 0; i < figures.steered().size(); i++) {
      var condition = figures.steered().get(i);
      String name = condition.prompts() + ", " + Wording.variant(condition.variant());
      names.add(name);
      series.addAll(curve(condition, name, colour(i), found.subject().layers()));
    }
    series.set(0, series.getFirst().with("markLine", read(found)));
    return lines(
        "interventions",
        "Projection on the direction under interventions",
        "Mean over prompts of the last token's resid_pre at each layer, with 95 % intervals as"
            + " bands; the last point is the final stream. Ablation leaves nothing along the"
            + " direction; what subtraction does to each kind of prompts is to be seen here.",
        names,
        series,
        Option.upright("value", "Stream units"),
        found.subject().layers());
  }

  private static List<Option> curve(
      SteeredCondition condition, String name, String colour, int layers) {
    var points = new ArrayList<Option>();
    var ends = new ArrayList<Bands.End>();
    for (var point : condition.points()) {
      var estimate = point.projection();
      points.add(
          Option.point(
              String.format(
                  Locale.ROOT,
                  "%s, %s\n%s (SD %s)\n95 %% interval %s",
                  name,
                  point.layer() == layers ? "final stream" : "layer " + point.layer(),
                  Numbers.amount(estimate.mean(), Unit.STREAM),
                  Numbers.amount(estimate.sd(), Unit.STREAM),
                  Numbers.range(estimate.interval(), Unit.STREAM)),
              point.layer(),
              estimate.mean()));
      ends.add(new Bands.End(point.layer(), estimate.low(), estimate.high()));
    }
    boolean harmless = condition.prompts().equals("harmless");
    var style = Option.line(colour, 1.8);
    var all = new ArrayList<Option>();
    all.add(
        Option.series("line", name)
            .with("symbolSize", 5)
            .with("symbol", harmless ? "emptyCircle" : "circle")
            .with("color", colour)
            .with("lineStyle", harmless ? style.with("type", "dashed") : style)
            .with("emphasis", Option.of("focus", "series"))
            .with("data", points));
    all.addAll(Bands.of(name, colour, ends));
    return all;
  }

  /// The main axis over layers.
  static Chart axes(Explanation found, PaperFigures figures) {
    var names =
        List.of(
            "cosine with the direction",
            "cosine with the layer's difference",
            "share of the variance");
    var series = new ArrayList<Option>();
    series.add(line(names.get(0), colour(0), figures, MainAxis::cosine, Unit.COSINE));
    series.add(line(names.get(1), colour(1), figures, MainAxis::cosineOfDifference, Unit.COSINE));
    series.add(line(names.get(2), colour(2), figures, MainAxis::share, Unit.SHARE));
    series.set(0, series.getFirst().with("markLine", read(found)));
    return lines(
        "main-axis",
        "The first principal component by layer",
        "Of refused and harmless prompts together, at the direction's position. Where both cosines"
            + " are near 1, the axis on which the prompts differ most is the difference of means.",
        names,
        series,
        Option.upright("value", "0 to 1").with("min", 0).with("max", 1),
        found.subject().layers());
  }

  private static Option line(
      String name,
      String colour,
      PaperFigures figures,
      ToDoubleFunction<MainAxis> value,
      Unit unit) {
    return Option.series("line", name)
        .with("symbolSize", 5)
        .with("color", colour)
        .with("lineStyle", Option.line(colour, 1.8))
        .with(
            "data",
            figures.axes().stream()
                .map(
                    axis ->
                        Option.point(
                            String.format(
                                Locale.ROOT,
                                "%s, layer %d\n%s",
                                name,
                                axis.layer(),
                                Numbers.amount(value.applyAsDouble(axis), unit)),
                            axis.layer(),
                            value.applyAsDouble(axis)))
                .toList());
  }

  private static Chart lines(
      String id,
      String title,
      String description,
      List<String> names,
      List<Option> series,
      Option upright,
      int layers) {
    int legend = 34 + 22 * Math.ceilDiv(names.size(), 3);
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, legend, 30))
            .with("legend", Option.legend(names))
            .with(
                "xAxis",
                Option.axis("value", "Layer", 28)
                    .with("min", 0)
                    .with("max", layers)
                    .with("minInterval", 1))
            .with("yAxis", upright)
            .with("series", series);
    var narrow = Option.of("grid", Option.grid(8, 16, 40 + 24 * names.size(), 30));
    return new Chart(id, title, description, 300 + legend, 320, option.responsive(narrow));
  }

  private static Option read(Explanation found) {
    int layer = found.subject().directionLayer();
    return Option.limit("xAxis", layer, "direction read at " + layer);
  }

  private static String colour(int index) {
    return String.format(Locale.ROOT, "var(--series-%d)", index % COLOURS + 1);
  }
}
