package dev.demur.lab.report.map;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.geometry.Apart;
import dev.demur.lab.report.Bands;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Diverging;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Drawings of a map.
final class MapCharts {

  /// As many series colours as the style sheet has.
  private static final int COLOURS = 8;

  private static final int CELL = 34;

  private MapCharts() {}

  static String colour(int index) {
    return String.format(Locale.ROOT, "var(--series-%d)", index % COLOURS + 1);
  }

  // ---- the square ----------------------------------------------------------------------------

  /// Cosines, and by a click on the legend what ablating changes.
  static Chart matrix(MapResult result) {
    var names = result.names();
    var cosines = new ArrayList<Option>();
    var changes = new ArrayList<Option>();
    for (int y = 0; y < names.size(); y++) {
      for (int x = 0; x < names.size(); x++) {
        cosines.add(cosine(result, names.get(y), names.get(x), x, y));
        change(result, names.get(y), names.get(x), x, y).ifPresent(changes::add);
      }
    }
    var series = new ArrayList<Option>();
    series.add(Option.series("heatmap", "cosine").with("data", cosines));
    if (!changes.isEmpty()) {
      series.add(Option.series("heatmap", "what ablating changes").with("data", changes));
    }
    var legend = series.stream().map(s -> String.valueOf(s.entries().get("name"))).toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 64, 30))
            .with(
                "legend", Option.legend(legend).with("selectedMode", "single").with("icon", "rect"))
            .with(
                "xAxis",
                Option.axis("category", "Direction, or prompts of", 60)
                    .with("data", names)
                    .with("axisLabel", Option.of("rotate", 35).with("interval", 0))
                    .bare())
            .with(
                "yAxis",
                Option.of("type", "category").with("data", names).with("inverse", true).bare())
            .with("visualMap", Diverging.colours(1, Unit.COSINE))
            .with("series", series);
    return new Chart(
        "map-matrix",
        "All directions with each other",
        "Red is alike, blue opposite; like directions stand together. The legend switches to what"
            + " ablating a row's direction changes on a column's prompts, as a share of them. A"
            + " click leads to the row's direction.",
        200 + CELL * names.size(),
        Math.max(320, 140 + CELL * names.size()),
        option);
  }

  private static Option cosine(MapResult result, String row, String column, int x, int y) {
    var angle = result.angle(row, column);
    return Option.point(
            String.format(
                Locale.ROOT,
                "%s, %s\ncosine %s (95 %%: %s)\nshuffled labels: up to %s",
                row,
                column,
                Numbers.amount(angle.cosine(), Unit.COSINE),
                Numbers.range(angle.interval(), Unit.COSINE),
                Numbers.amount(angle.nullCosine(), Unit.COSINE)),
            x,
            y,
            angle.cosine())
        .with("anchor", MapPairs.anchor(result, row));
  }

  private static Optional<Option> change(
      MapResult result, String row, String column, int x, int y) {
    return Effect.ofAblating(row, column, result.effects())
        .flatMap(
            effect ->
                effect
                    .test()
                    .map(
                        test ->
                            Option.point(
                                    String.format(
                                        Locale.ROOT,
                                        "%s ablated, prompts of %s\n%s points (95 %%: %s)\n%s",
                                        row,
                                        column,
                                        Numbers.amount(test.change(), Unit.POINTS),
                                        Numbers.range(test.interval(), Unit.POINTS),
                                        effect.reserve().orElse(Numbers.p(test.adjusted()))),
                                    x,
                                    y,
                                    test.change())
                                .with("anchor", MapPairs.anchor(result, row))));
  }

  // ---- curves --------------------------------------------------------------------------------

  /// AUROC by layer at the position of each direction.
  static Chart apart(MapResult result) {
    var series = new ArrayList<Option>();
    var names = result.names();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      int position =
          result.pairs().stream()
              .filter(p -> p.name().equals(name))
              .findFirst()
              .orElseThrow()
              .place()
              .position();
      var own =
          result.apart().stream()
              .filter(a -> a.pair().equals(name) && a.place().position() == position)
              .toList();
      series.add(line(name, i).with("data", own.stream().map(MapCharts::point).toList()));
      series.addAll(
          Bands.of(
              name,
              colour(i),
              own.stream()
                  .map(
                      a -> {
                        var interval = a.auroc().newcombe(Interval.USUAL_LEVEL);
                        return new Bands.End(a.place().layer(), interval.low(), interval.high());
                      })
                  .toList()));
    }
    return curves(
        "map-separation",
        "How well each pair's sides are told apart, by layer",
        "AUROC of test prompts along the training prompts' difference of means, with 95 % intervals"
            + " as bands; .5 is chance.",
        names,
        Option.axis("value", "Layer", 28).with("minInterval", 1),
        Option.upright("value", "AUROC").with("max", 1),
        series);
  }

  private static Option point(Apart apart) {
    return Option.point(
        String.format(
            Locale.ROOT,
            "%s, layer %d\nAUROC %s",
            apart.pair(),
            apart.place().layer(),
            Numbers.amount(apart.auroc().value(), Unit.AUROC)),
        apart.place().layer(),
        apart.auroc().value());
  }

  /// A curve in the colour of its number.
  static Option line(String name, int index) {
    return Option.series("line", name)
        .with("symbolSize", 5)
        .with("color", colour(index))
        .with("lineStyle", Option.line(colour(index), 1.8))
        .with("emphasis", Option.of("focus", "series"));
  }

  /// Curves with their legend above.
  static Chart curves(
      String id,
      String title,
      String description,
      List<String> names,
      Option across,
      Option upright,
      List<Option> series) {
    int legend = 34 + 22 * Math.ceilDiv(names.size(), 3);
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, legend, 30))
            .with("legend", Option.legend(names))
            .with("xAxis", across)
            .with("yAxis", upright)
            .with("series", series);
    var narrow = Option.of("grid", Option.grid(8, 16, 40 + 24 * names.size(), 30));
    return new Chart(id, title, description, 300 + legend, 320, option.responsive(narrow));
  }
}
