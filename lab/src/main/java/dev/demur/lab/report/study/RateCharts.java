package dev.demur.lab.report.study;

import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.RateRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The evaluation's rates, harmful and harmless sets and all judges in one drawing.
final class RateCharts {

  private static final List<String> HARMFUL_SYMBOLS =
      List.of("circle", "emptyCircle", "diamond", "emptyDiamond", "pin");
  private static final List<String> HARMLESS_SYMBOLS =
      List.of("rect", "emptyRect", "triangle", "emptyTriangle", "arrow");

  private RateCharts() {}

  /// A set as a judge sees it.
  private record Seen(String set, String judge) {

    static Seen of(RateRow row) {
      return new Seen(row.set(), row.judge());
    }
  }

  static Chart of(EvaluationResult evaluation, SetKinds kinds) {
    var rows = evaluation.rates();
    var judges = rows.stream().map(RateRow::judge).distinct().toList();
    var seen = new ArrayList<>(rows.stream().map(Seen::of).distinct().toList());
    // Harmful sets first, each group in the study's order.
    seen.sort((a, b) -> Boolean.compare(kinds.isHarmful(b.set()), kinds.isHarmful(a.set())));
    var series = new ArrayList<IntervalChart.Series>();
    int harmfulOnes = 0;
    int harmlessOnes = 0;
    for (var one : seen) {
      boolean harmful = kinds.isHarmful(one.set());
      String kind = kinds.word(one.set());
      String name = one.set().startsWith(kind) ? one.set() : kind + ": " + one.set();
      series.add(
          new IntervalChart.Series(
              judges.size() == 1 ? name : name + ", " + one.judge(),
              harmful ? "var(--harmful)" : "var(--harmless)",
              harmful
                  ? HARMFUL_SYMBOLS.get(harmfulOnes++ % HARMFUL_SYMBOLS.size())
                  : HARMLESS_SYMBOLS.get(harmlessOnes++ % HARMLESS_SYMBOLS.size()),
              rates(rows, one)));
    }
    var bands = rows.stream().map(row -> Wording.variant(row.variant())).distinct().toList();
    return new IntervalChart(bands, series)
        .toChart(
            "rates",
            judges.size() == 1
                ? "Refusal rates by the judge “" + judges.getFirst() + "”"
                : "Refusal rates by " + judges.size() + " judges",
            "Share of completions judged refusals (marks) by variant and prompt set, with 95 %"
                + " Wilson intervals (lines); the table below holds the numbers.");
  }

  private static Map<String, Rate> rates(List<RateRow> rows, Seen seen) {
    var rates = new LinkedHashMap<String, Rate>();
    rows.stream()
        .filter(row -> Seen.of(row).equals(seen))
        .forEach(row -> rates.put(Wording.variant(row.variant()), row.refused()));
    return rates;
  }
}
