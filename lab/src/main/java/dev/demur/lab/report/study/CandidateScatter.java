package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import java.util.ArrayList;
import java.util.List;

/// Bypass score against KL divergence: what each candidate stops and what it costs.
final class CandidateScatter {

  private static final int COLOURS = 8;

  private CandidateScatter() {}

  /// Candidates that have both scores.
  static List<CandidateScores> drawable(CandidateView view) {
    return view.selection().rows().stream()
        .filter(row -> Score.BYPASS.drawable(row).isPresent())
        .filter(row -> Score.KL.drawable(row).isPresent())
        .toList();
  }

  static Chart of(CandidateView view) {
    var rows = drawable(view);
    var series = new ArrayList<Option>();
    var positions = view.positions();
    for (int i = 0; i < positions.size(); i++) {
      int position = positions.get(i);
      series.add(
          Option.series("scatter", view.label(position))
              .with("symbol", CandidateLines.SYMBOLS.get(i % CandidateLines.SYMBOLS.size()))
              .with("symbolSize", 8)
              .with("color", "var(--series-" + (i % COLOURS + 1) + ")")
              .with(
                  "data",
                  rows.stream()
                      .filter(row -> row.candidate().position() == position)
                      .map(row -> point(view, row))
                      .toList()));
    }
    double limit = view.selection().rules().klLimit();
    series.set(
        0, series.getFirst().with("markLine", Option.limit("xAxis", limit, Numbers.plain(limit))));
    rows.stream()
        .filter(view::isChosen)
        .forEach(row -> series.add(CandidateLines.ring(point(view, row))));
    var names = series.stream().map(s -> String.valueOf(s.entries().get("name"))).toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 56, 30))
            .with("legend", Option.symbols(names))
            .with("xAxis", Option.axis("log", "KL divergence, nats", 28))
            .with("yAxis", Option.upright("value", "Bypass score, nats"))
            .with("series", series);
    var narrow = Option.of("grid", Option.grid(8, 16, 56 + 12 * names.size(), 30));
    return new Chart(
        "bypass-kl",
        "Bypass score against KL divergence",
        "Every candidate that has both scores. Lower left is better: refusal is gone and other"
            + " answers stay. The dashed line is "
            + Score.KL.limitMeaning(view.selection().rules())
            + ".",
        340,
        320,
        option.responsive(narrow));
  }

  private static Option point(CandidateView view, CandidateScores row) {
    return Option.point(
        view.tip(row),
        Math.max(row.kl().orElseThrow(), Score.KL_FLOOR),
        row.bypass().orElseThrow());
  }
}
