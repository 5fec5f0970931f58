package dev.demur.lab.report.paper;

import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Column.Kind;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Table.Mark;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.study.Supplement.AdapterRow;
import dev.demur.lab.study.Supplement.Loss;
import dev.demur.lab.study.Supplement.LossChange;
import java.util.ArrayList;
import java.util.List;

/// The model with an adapter beside the interventions.
final class AdapterTables {

  private static final String UNEDITED = "unedited";

  private AdapterTables() {}

  static Section section(List<AdapterRow> rows) {
    return new Section(
        "adapter",
        "Against an adapter",
        List.of(
            new Prose(
                "The interventions beside the model with the adapter that was given (table 10 of"
                    + " the paper): refusals of all harmful sets together, harm where it was"
                    + " judged, and cross-entropies on the same passages."),
            new Data(table(rows), Fold.OPEN)));
  }

  private static Table table(List<AdapterRow> rows) {
    var columns = new ArrayList<Column>();
    columns.add(new Column("row", "Model", Kind.TEXT));
    columns.add(new Column("judge", "Judge", Kind.TEXT));
    columns.add(new Column("refused", "Refused", Kind.NUMBER));
    columns.add(new Column("wilson", "Wilson", Kind.RANGE));
    columns.add(new Column("unsafe", "Harmful", Kind.NUMBER));
    columns.add(new Column("unsafe_wilson", "Wilson", Kind.RANGE));
    for (var loss : rows.getFirst().losses()) {
      String key = loss.kind().replace('-', '_');
      columns.add(new Column(key, "CE, " + loss.kind(), Kind.NUMBER));
      columns.add(new Column(key + "_change", "Change", Kind.NUMBER));
      columns.add(new Column(key + "_interval", "95 % interval", Kind.RANGE));
    }
    return new Table(
        "adapter",
        "Refused and harmful with 95 % Wilson intervals; cross-entropy (CE) in nats per token, and"
            + " its change from the unedited model with an interval by resampling passages.",
        columns,
        rows.stream().map(row -> new Table.Row(cells(row), Mark.NONE)).toList());
  }

  private static List<Cell> cells(AdapterRow row) {
    var cells = new ArrayList<Cell>();
    cells.add(new Code(row.row()));
    cells.add(new Text(row.judge()));
    cells.add(new Amount(row.refused().share(), Unit.SHARE));
    cells.add(new Range(row.refused().wilson(Interval.USUAL_LEVEL), Unit.SHARE));
    if (row.unsafe().isPresent()) {
      cells.add(new Amount(row.unsafe().get().share(), Unit.SHARE));
      cells.add(new Range(row.unsafe().get().wilson(Interval.USUAL_LEVEL), Unit.SHARE));
    } else {
      cells.add(new Missing("not judged"));
      cells.add(new Missing("not judged"));
    }
    row.losses().forEach(loss -> cells.addAll(cells(loss)));
    return cells;
  }

  private static List<Cell> cells(Loss loss) {
    var change = loss.change();
    return List.of(
        new Amount(loss.perToken(), Unit.LOSS),
        change
            .map(LossChange::difference)
            .<Cell>map(difference -> new Amount(difference, Unit.LOSS))
            .orElse(new Missing(UNEDITED)),
        change
            .map(LossChange::interval)
            .<Cell>map(interval -> new Range(interval, Unit.LOSS))
            .orElse(new Missing(UNEDITED)));
  }
}
