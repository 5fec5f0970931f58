package dev.demur.lab.report.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One score of every candidate as lines over layers, one for each position.
final class CandidateLines {

  /// As many series colours as the style sheet has.
  private static final int COLOURS = 8;

  static final List<String> SYMBOLS =
      List.of("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle");

  private final CandidateView view;
  private final Score score;

  private CandidateLines(CandidateView view, Score score) {
    this.view = view;
    this.score = score;
  }

  static Chart of(CandidateView view, Score score) {
    return new CandidateLines(view, score).chart();
  }

  private Chart chart() {
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 56, 30))
            .with("legend", Option.legend(legend()))
            .with(
                "xAxis",
                Option.axis("value", "Layer", 28)
                    .with("min", 0)
                    .with("max", view.layers() - 1)
                    .with("minInterval", 1))
            .with("yAxis", Option.upright(score.isLogarithmic() ? "log" : "value", "Nats"))
            .with("series", series());
    // Two entries of the legend fit into a line of a phone.
    var narrow = Option.of("grid", Option.grid(8, 16, 56 + 12 * legend().size(), 30));
    return new Chart(
        "lines-" + score.id(),
        score.title() + " over layers",
        "The same scores, one line for each position. Gaps are candidates without this score; the"
            + " dashed line is "
            + score.limitMeaning(view.selection().rules())
            + ".",
        320,
        320,
        option.responsive(narrow));
  }

  private List<Option> series() {
    var series = new ArrayList<Option>();
    var positions = view.positions();
    for (int i = 0; i < positions.size(); i++) {
      series.add(line(positions.get(i), i));
    }
    double limit = score.limit(view.selection().rules());
    series.set(
        0, series.getFirst().with("markLine", Option.limit("yAxis", limit, Numbers.plain(limit))));
    view.selection()
        .chosen()
        .filter(row -> score.drawable(row).isPresent())
        .ifPresent(row -> series.add(ring(point(row))));
    return series;
  }

  private Option line(int position, int index) {
    var data = new ArrayList<Option>();
    for (int layer = 0; layer < view.layers(); layer++) {
      data.add(
          row(new Candidate(position, layer))
              .filter(row -> score.drawable(row).isPresent())
              .map(this::point)
              .orElse(Option.point("", layer, "-"))); // ECharts' word for a gap
    }
    boolean chosen =
        view.selection().chosen().filter(row -> row.candidate().position() == position).isPresent();
    String colour = String.format(Locale.ROOT, "var(--series-%d)", index % COLOURS + 1);
    return Option.series("line", view.label(position))
        .with("symbol", SYMBOLS.get(index % SYMBOLS.size()))
        .with("symbolSize", chosen ? 7 : 5)
        .with("showAllSymbol", true)
        .with("color", colour)
        .with("lineStyle", Option.line(colour, chosen ? 2.5 : 1.25))
        .with("emphasis", Option.of("focus", "series"))
        .with("data", data);
  }

  private Option point(CandidateScores row) {
    double value = score.drawable(row).orElseThrow();
    double y = score.isLogarithmic() ? Math.max(value, Score.KL_FLOOR) : value;
    return Option.point(view.tip(row), row.candidate().layer(), y);
  }

  /// Marks the chosen candidate.
  static Option ring(Option point) {
    return Option.series("scatter", "chosen")
        .with("symbol", "circle")
        .with("symbolSize", 15)
        .with("z", 5)
        .with(
            "itemStyle",
            Option.of("color", "transparent")
                .with("borderColor", "var(--ink)")
                .with("borderWidth", 2))
        .with("data", List.of(point));
  }

  private Optional<CandidateScores> row(Candidate candidate) {
    return view.selection().rows().stream()
        .filter(row -> row.candidate().equals(candidate))
        .findFirst();
  }

  private List<String> legend() {
    var names = new ArrayList<>(view.positions().stream().map(view::label).toList());
    if (view.selection().chosen().filter(row -> score.drawable(row).isPresent()).isPresent()) {
      names.add("chosen");
    }
    return names;
  }
}
