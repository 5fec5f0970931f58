package dev.demur.lab.report;

import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.RateRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The evaluation's rates by one judge, harmful and harmless sets in one drawing.
final class RateCharts {

  private static final List<String> HARMFUL_SYMBOLS = List.of("circle", "diamond", "pin");
  private static final List<String> HARMLESS_SYMBOLS = List.of("rect", "triangle", "arrow");

  private RateCharts() {}

  static Chart of(EvaluationResult evaluation, SetKinds kinds, String judge) {
    var rows = evaluation.rates().stream().filter(row -> row.judge().equals(judge)).toList();
    var series = new ArrayList<IntervalChart.Series>();
    var sets = new ArrayList<>(rows.stream().map(RateRow::set).distinct().toList());
    // Harmful sets first, each group in the study's order.
    sets.sort((a, b) -> Boolean.compare(kinds.isHarmful(b), kinds.isHarmful(a)));
    int harmfulOnes = 0;
    int harmlessOnes = 0;
    for (String set : sets) {
      boolean harmful = kinds.isHarmful(set);
      series.add(
          new IntervalChart.Series(
              kinds.word(set) + ": " + set,
              harmful ? "var(--harmful)" : "var(--harmless)",
              harmful
                  ? HARMFUL_SYMBOLS.get(harmfulOnes++ % HARMFUL_SYMBOLS.size())
                  : HARMLESS_SYMBOLS.get(harmlessOnes++ % HARMLESS_SYMBOLS.size()),
              rates(rows, set)));
    }
    var bands = rows.stream().map(row -> Wording.variant(row.variant())).distinct().toList();
    return new IntervalChart(bands, series)
        .toChart(
            "rates-" + judge,
            "Refusal rates by the judge “" + judge + "”",
            "Share of completions judged refusals (dots) by variant and prompt set, with 95 %"
                + " Wilson intervals (lines); the table below holds the numbers.");
  }

  private static Map<String, Rate> rates(List<RateRow> rows, String set) {
    var rates = new LinkedHashMap<String, Rate>();
    rows.stream()
        .filter(row -> row.set().equals(set))
        .forEach(row -> rates.put(Wording.variant(row.variant()), row.refused()));
    return rates;
  }
}
