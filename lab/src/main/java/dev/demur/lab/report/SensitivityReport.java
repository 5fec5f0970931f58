package dev.demur.lab.report;

import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.GridCell;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

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
            new Data(table(study.sensitivity(), SetKinds.of(study)), Fold.OPEN)));
  }

  private static Chart chart(List<GridCell> cells, String judge) {
    var shown = cells.stream().filter(cell -> cell.judge().equals(judge)).toList();
    var series = new ArrayList<IntervalChart.Series>();
    for (String name : shown.stream().map(SensitivityReport::series).distinct().toList()) {
      var rates = new LinkedHashMap<String, Rate>();
      shown.stream()
          .filter(cell -> series(cell).equals(name))
          .forEach(cell -> rates.put(cell.setting().text(), cell.refused()));
      int i = series.size();
      series.add(
          new IntervalChart.Series(
              name,
              "var(--series-%d)".formatted(i % COLOURS + 1),
              SYMBOLS.get(i % SYMBOLS.size()),
              rates));
    }
    var settings = shown.stream().map(cell -> cell.setting().text()).distinct().toList();
    return new IntervalChart(settings, series)
        .toChart(
            "rates-by-setting",
            "Refusal rates under other settings, by the judge “" + judge + "”",
            "Share of completions judged refusals (dots) by setting, with 95 % Wilson intervals"
                + " (lines); the table below holds the numbers of all judges.");
  }

  private static String series(GridCell cell) {
    return cell.set() + ", " + Wording.variant(cell.variant());
  }

  private static Table table(List<GridCell> cells, SetKinds kinds) {
    return new Table(
        "sensitivity",
        "Share of answers judged refusals under each setting, with 95 % Wilson intervals.",
        List.of(
            Column.text("model", "Model"),
            Column.text("system", "System text"),
            Column.text("thinking", "Thinking"),
            Column.number("tokens", "Tokens"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("variant", "Variant"),
            Column.text("judge", "Judge"),
            Column.number("refused", "Refused"),
            Column.number("n", "of"),
            Column.number("share", "Share"),
            Column.range("wilson", "Wilson")),
        cells.stream().map(cell -> row(cell, kinds)).toList());
  }

  private static Row row(GridCell cell, SetKinds kinds) {
    return Row.of(
        new Text(cell.setting().model()),
        new Text(cell.setting().system()),
        new Text(cell.setting().thinking().text()),
        new Count(cell.setting().tokens()),
        new Text(cell.set()),
        new Text(kinds.word(cell.set())),
        new Code(cell.variant().text()),
        new Text(cell.judge()),
        new Count(cell.refused().successes()),
        new Count(cell.refused().n()),
        new Amount(cell.refused().share(), Unit.SHARE),
        new Range(cell.refused().wilson(Interval.USUAL_LEVEL), Unit.SHARE));
  }
}
