package dev.demur.lab.report.explain;

import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Anatomy.TokenReading;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Diverging;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Drawings of one prompt under the microscope.
final class AnatomyCharts {

  private static final int ROW_HEIGHT = 20;

  private AnatomyCharts() {}

  /// Every token's projection at every layer, relative to the layer's largest.
  static Chart tokens(Anatomy found) {
    var cells = new ArrayList<Option>();
    for (int t = 0; t < found.tokens().size(); t++) {
      var token = found.tokens().get(t);
      for (int layer = 0; layer <= found.layers(); layer++) {
        double value = token.projections().get(layer);
        double reach = found.reach(layer);
        double shown = reach == 0 ? 0 : Math.clamp(value / reach, -1, 1);
        cells.add(Option.point(tip(token, layer), layer, t, shown));
      }
    }
    var labels = found.tokens().stream().map(AnatomyReport::label).toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(4, 16, 34, 30))
            .with(
                "xAxis",
                Option.axis("category", "Layer", 28)
                    .with("data", Option.numbers(found.layers() + 1))
                    .bare())
            .with(
                "yAxis",
                Option.of("type", "category")
                    .with("data", labels)
                    .with("inverse", true)
                    .with("axisLabel", Option.of("interval", 0).with("fontSize", 11))
                    .bare())
            .with("visualMap", Diverging.colours(1, Unit.STREAM).with("show", false))
            .with("series", List.of(Option.series("heatmap", "projection").with("data", cells)));
    return new Chart(
        "tokens-map",
        "Projection on the direction, token × layer",
        "Red lies along the direction, blue against it; full colour is the layer's largest value"
            + " from the instruction on. The last column is the final stream. Point at a cell for"
            + " its value.",
        found.tokens().size() * ROW_HEIGHT + 80,
        200 + 16 * found.layers(),
        option);
  }

  private static String tip(TokenReading token, int layer) {
    return String.format(
        Locale.ROOT,
        "%s, layer %d\nprojection %s, cosine %s",
        AnatomyReport.label(token),
        layer,
        Numbers.amount(token.projections().get(layer), Unit.STREAM),
        Numbers.amount(token.cosines().get(layer), Unit.COSINE));
  }

  /// Refusal score as the prompt grows.
  static Chart growth(Anatomy found) {
    var labels = found.growth().stream().map(p -> Wording.token(p.text())).toList();
    var points =
        found.growth().stream()
            .map(
                p ->
                    Option.of(
                            "name",
                            "up to %s\n%s nats"
                                .formatted(Wording.token(p.text()), Numbers.nats(p.score())))
                        .with("value", p.score()))
            .toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 32, 40))
            .with(
                "xAxis",
                Option.of("type", "category")
                    .with("data", labels)
                    .with("axisLabel", Option.of("rotate", 60).with("interval", 0)))
            .with("yAxis", Option.upright("value", "Nats"))
            .with(
                "series",
                List.of(
                    Option.series("line", "refusal score")
                        .with("symbolSize", 6)
                        .with("color", "var(--series-1)")
                        .with("markLine", Option.limit("yAxis", 0, "refuses above"))
                        .with("data", points)));
    return new Chart(
        "growth-line",
        "Refusal score as the prompt grows",
        "The prompt cut after each of the user's tokens, followed by the template's end.",
        320,
        Math.max(320, 26 * labels.size()),
        option);
  }
}
