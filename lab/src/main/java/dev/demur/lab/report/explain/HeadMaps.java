package dev.demur.lab.report.explain;

import dev.demur.lab.explain.Component;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.ComponentRow;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Diverging;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import java.util.ArrayList;
import java.util.List;

/// What every head writes along the direction, a map of layer × head for each condition: side by
/// side where they fit, under one scale.
///
/// @param rows the heads
/// @param conditions names, in the order shown
/// @param layers how many have heads
/// @param heads of a layer
record HeadMaps(List<ComponentRow> rows, List<String> conditions, int layers, int heads) {

  private static final int CELL_HEIGHT = 22;
  private static final int CELL_WIDTH = 16;

  /// Room beside a map for the numbers of its heads, and below for those of layers.
  private static final int LEFT = 44;

  private static final int BELOW = 64;

  private static final int TOP = 48;

  /// Room a page has for a drawing, pixels.
  private static final int PAGE = 960;

  /// A map of few layers is not drawn narrower.
  private static final int LEAST_WIDTH = 150;

  static Chart of(Explanation found, List<String> conditions) {
    var rows =
        found.components().stream()
            .filter(row -> row.component().kind() == Component.Kind.HEAD)
            .toList();
    return new HeadMaps(
            rows,
            conditions,
            1 + rows.stream().mapToInt(r -> r.component().layer()).max().orElse(0),
            1 + rows.stream().mapToInt(r -> r.component().head()).max().orElse(0))
        .chart();
  }

  private Chart chart() {
    double reach = 0;
    for (var row : rows) {
      for (var written : row.written()) {
        reach = Math.max(reach, Math.abs(written.amount().mean()));
      }
    }
    int width = Math.max(LEAST_WIDTH, CELL_WIDTH * layers) + LEFT;
    int across = Math.clamp(PAGE / width, 1, conditions.size());
    int height = heads * CELL_HEIGHT;
    var titles = new ArrayList<Option>();
    var grids = new ArrayList<Option>();
    var xs = new ArrayList<Option>();
    var ys = new ArrayList<Option>();
    var series = new ArrayList<Option>();
    for (int i = 0; i < conditions.size(); i++) {
      String left = 100.0 * (i % across) / across + "%";
      int top = TOP + i / across * (height + BELOW);
      titles.add(
          Option.of("text", conditions.get(i))
              .with("left", left)
              .with("top", top - 22)
              .with("padding", 0)
              .with("textStyle", Option.of("fontSize", 12).with("color", "var(--ink)")));
      grids.add(
          Option.of("left", left)
              .with("width", 100.0 / across - 3 + "%")
              .with("top", top)
              .with("height", height + 20) // with the numbers of the layers
              .with("containLabel", true));
      xs.add(axis("Layer", layers, i));
      ys.add(axis("", heads, i).with("inverse", true));
      series.add(map(i));
    }
    int lines = Math.ceilDiv(conditions.size(), across);
    return new Chart(
        "heads",
        "What each head writes along the direction",
        "Mean over prompts at the last token, head (down) by layer (across), stream units: red adds"
            + " to the direction, blue takes from it. All conditions share one scale.",
        TOP + lines * (height + BELOW),
        across * width,
        Option.chart()
            .with("title", titles)
            .with("grid", grids)
            .with("xAxis", xs)
            .with("yAxis", ys)
            .with("visualMap", Diverging.colours(reach, Unit.STREAM))
            .with("series", series));
  }

  private static Option axis(String title, int count, int grid) {
    return Option.axis("category", title, 24)
        .with("data", Option.numbers(count))
        .with("gridIndex", grid)
        .bare();
  }

  private Option map(int index) {
    String condition = conditions.get(index);
    return Option.series("heatmap", condition)
        .with("xAxisIndex", index)
        .with("yAxisIndex", index)
        .with("data", rows.stream().map(row -> cell(row, condition)).toList());
  }

  private static Option cell(ComponentRow row, String condition) {
    var e =
        row.written().stream()
            .filter(w -> w.condition().equals(condition))
            .findFirst()
            .orElseThrow()
            .amount();
    String tip =
        "%s, %s\n%s (SD %s)"
            .formatted(
                row.component().text(),
                condition,
                Numbers.amount(e.mean(), Unit.STREAM),
                Numbers.amount(e.sd(), Unit.STREAM));
    return Option.point(tip, row.component().layer(), row.component().head(), e.mean());
  }
}
