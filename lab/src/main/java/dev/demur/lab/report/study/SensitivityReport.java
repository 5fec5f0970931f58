package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.text;
import static java.util.stream.Collectors.joining;

import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.GridCell;
import dev.demur.lab.study.SensitivityGrid.Setting;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;

/// The section of a report that shows the direction under other settings: one table, one figure.
final class SensitivityReport {

  private static final List<String> SYMBOLS =
      List.of("circle", "diamond", "rect", "triangle", "pin", "arrow");
  private static final int COLOURS = 6;

  private SensitivityReport() {}

  static Section of(StudyResult study) {
    String judge = study.sensitivity().getFirst().judge();
    return new Section(
        "sensitivity",
        "Sensitivity",
        List.of(
            new Prose(
                "The study's direction, not searched for again, under other settings; the study's"
                    + " own come first. A finding that holds under one setting alone is a finding"
                    + " about that setting."),
            new Drawing(chart(study.sensitivity(), judge)),
            new Data(table(study.sensitivity(), SetKinds.of(study)), Fold.FOLDED)));
  }

  private static Chart chart(List<GridCell> cells, String judge) {
    var shown = cells.stream().filter(cell -> cell.judge().equals(judge)).toList();
    var labels = labels(shown.stream().map(GridCell::setting).distinct().toList());
    var series = new ArrayList<IntervalChart.Series>();
    for (String name : shown.stream().map(SensitivityReport::series).distinct().toList()) {
      var rates = new LinkedHashMap<String, Rate>();
      shown.stream()
          .filter(cell -> series(cell).equals(name))
          .forEach(cell -> rates.put(labels.get(cell.setting()), cell.refused()));
      int i = series.size();
      series.add(
          new IntervalChart.Series(
              name,
              String.format(Locale.ROOT, "var(--series-%d)", i % COLOURS + 1),
              SYMBOLS.get(i % SYMBOLS.size()),
              rates));
    }
    return new IntervalChart(List.copyOf(labels.values()), series)
        .toChart(
            "rates-by-setting",
            "Refusal rates under other settings, by the judge “" + judge + "”",
            "Share of completions judged refusals (dots) by setting, with 95 % Wilson intervals"
                + " (lines); the table below holds the numbers of all judges.");
  }

  /// A label says what settings differ in; all four parts of thirteen system texts do not fit.
  private static SequencedMap<Setting, String> labels(List<Setting> settings) {
    List<Function<Setting, String>> parts =
        List.of(
            Setting::model,
            setting -> "system " + setting.system(),
            setting -> "thinking " + setting.thinking().text(),
            setting -> Numbers.counted(setting.tokens(), "token"));
    var telling =
        parts.stream().filter(part -> settings.stream().map(part).distinct().count() > 1).toList();
    var labels = new LinkedHashMap<Setting, String>();
    for (var setting : settings) {
      String label = telling.stream().map(part -> part.apply(setting)).collect(joining(" · "));
      labels.put(setting, label.isEmpty() ? setting.text() : label);
    }
    return labels;
  }

  private static String series(GridCell cell) {
    return cell.set() + ", " + Wording.variant(cell.variant());
  }

  private static Table table(List<GridCell> cells, SetKinds kinds) {
    return Table.of(
        "sensitivity",
        "Share of answers judged refusals under each setting, with 95 % Wilson intervals.",
        cells,
        text("model", "Model", cell -> cell.setting().model()),
        text("system", "System text", cell -> cell.setting().system()),
        text("thinking", "Thinking", cell -> cell.setting().thinking().text()),
        count("tokens", "Tokens", cell -> cell.setting().tokens()),
        text("set", "Set", GridCell::set),
        text("kind", "Prompts", cell -> kinds.word(cell.set())),
        code("variant", "Variant", cell -> cell.variant().text()),
        text("judge", "Judge", GridCell::judge),
        rate("refused", "Refused", GridCell::refused));
  }
}
