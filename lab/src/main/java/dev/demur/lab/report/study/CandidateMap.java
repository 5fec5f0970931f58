package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Option;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// One number of every candidate as a map of position × layer. Absent numbers are grey cells with
/// the letter of their reason; the chosen cell is outlined.
final class CandidateMap {

  /// Viridis, dark to bright: even in lightness, so it reads without colour vision and in grey.
  private static final List<String> VIRIDIS =
      List.of(
          "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30",
          "#fde725");

  private static final int ROW_HEIGHT = 30;
  private static final int CELL_WIDTH = 13;

  private final CandidateView view;
  private final Shading score;

  private CandidateMap(CandidateView view, Shading score) {
    this.view = view;
    this.score = score;
  }

  static Chart of(CandidateView view, Shading score) {
    return new CandidateMap(view, score).chart();
  }

  private Chart chart() {
    var positions = view.positions();
    var layers = IntStream.range(0, view.layers()).mapToObj(Integer::toString).toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(4, 16, 34, 30))
            .with("xAxis", Option.axis("category", "Layer", 28).with("data", layers).bare())
            .with(
                "yAxis",
                Option.of("type", "category")
                    .with("data", positions.stream().map(view::label).toList())
                    .with("inverse", true)
                    .bare())
            .with("visualMap", colours())
            .with("series", series());
    return new Chart(
        "map-" + score.id(),
        score.title() + ", position × layer",
        score.meaning() + " " + key(),
        positions.size() * ROW_HEIGHT + 96,
        120 + CELL_WIDTH * view.layers(),
        option);
  }

  private List<Option> series() {
    var chosen = new ArrayList<Option>();
    var scored = new ArrayList<Option>();
    var unscored = new ArrayList<Option>();
    for (var row : view.selection().rows()) {
      var value = score.value().apply(row);
      if (value.isEmpty()) {
        unscored.add(unscored(row));
      } else {
        (view.isChosen(row) ? chosen : scored)
            .add(cell(row, score.scale().applyAsDouble(value.get())));
      }
    }
    return List.of(
        Option.series("heatmap", "scored").with("data", scored),
        Option.series("heatmap", "not scored").with("data", unscored),
        Option.series("heatmap", "chosen")
            .with("data", chosen)
            .with("z", 5) // above its neighbours, which would cover half of the outline
            .with("itemStyle", Option.of("borderColor", "var(--ink)").with("borderWidth", 3)));
  }

  private Option cell(CandidateScores row, double value) {
    int y = view.positions().indexOf(row.candidate().position());
    return Option.point(view.tip(row), row.candidate().layer(), y, value);
  }

  private Option unscored(CandidateScores row) {
    return cell(row, 0)
        .with("itemStyle", Option.of("color", "var(--unscored)"))
        .with(
            "label",
            Option.of("show", true)
                .with("formatter", Wording.letter(row.verdict()))
                .with("color", "var(--quiet)")
                .with("fontSize", 10));
  }

  /// Brighter is better in every map, so the colours run backwards where lower is better.
  private Option colours() {
    var values =
        view.selection().rows().stream()
            .flatMap(row -> score.value().apply(row).stream())
            .sorted()
            .toList();
    double low = values.isEmpty() ? 0 : values.getFirst();
    double high = values.isEmpty() ? 1 : values.getLast();
    return Option.of("type", "continuous")
        .with("seriesIndex", List.of(0, 2))
        .with("dimension", 2)
        .with("min", score.scale().applyAsDouble(low))
        .with("max", score.scale().applyAsDouble(high))
        .with("calculable", false)
        .with("hoverLink", false)
        .with("orient", "horizontal")
        .with("right", 16)
        .with("top", 0)
        .with("itemWidth", 12)
        .with("itemHeight", 180)
        .with("text", List.of(score.format().apply(high), score.format().apply(low)))
        .with(
            "inRange",
            Option.of(
                "color",
                score.order() == Shading.Order.LOWER_IS_BETTER ? VIRIDIS.reversed() : VIRIDIS));
  }

  private String key() {
    var rules = view.selection().rules();
    var reasons =
        view.selection().rows().stream()
            .filter(row -> score.value().apply(row).isEmpty())
            .map(CandidateScores::verdict)
            .distinct()
            .sorted()
            .map(verdict -> Wording.letter(verdict) + " = " + Wording.verdict(verdict, rules))
            .toList();
    return score.order().words()
        + (view.selection().chosen().isPresent() ? "; the outlined cell was chosen" : "")
        + (reasons.isEmpty() ? "" : "; grey cells hold no score: " + String.join(", ", reasons))
        + ".";
  }
}
