package dev.demur.lab.report;

import dev.demur.lab.report.Columns.Part;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// A table as a value: HTML, Markdown, CSV and JSON are written from the same cells. [#of] makes
/// one from rows and [Columns].
///
/// @param id name of the CSV file and of the HTML anchor, snake_case
/// @param caption one sentence that says what the rows are
/// @param columns at least one
/// @param rows may be empty
public record Table(String id, String caption, List<Column> columns, List<Row> rows) {

  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (var row : rows) {
      if (row.cells().size() != columns.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "table %s has %d columns, a row has %d cells",
                id,
                columns.size(),
                row.cells().size()));
      }
    }
  }

  /// A table with a row for each value.
  ///
  /// @param id name of the CSV file and of the HTML anchor, snake_case
  /// @param caption one sentence that says what the rows are
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R> Table of(String id, String caption, List<R> rows, Columns<R>... columns) {
    return of(id, caption, rows, _ -> false, columns);
  }

  /// A table with a row for each value, some of which stand out.
  ///
  /// @param chosen whether a row stands out
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R> Table of(
      String id, String caption, List<R> rows, Predicate<R> chosen, Columns<R>... columns) {
    var parts = Columns.together(List.of(columns)).parts();
    return new Table(
        id,
        caption,
        parts.stream().map(Part::column).toList(),
        rows.stream()
            .map(
                row ->
                    new Row(
                        parts.stream().<Cell>map(part -> part.cell().apply(row)).toList(),
                        chosen.test(row) ? Mark.CHOSEN : Mark.NONE))
            .toList());
  }

  /// One row.
  ///
  /// @param mark whether it stands out
  public record Row(List<Cell> cells, Mark mark) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /// Whether a row stands out.
  public enum Mark {
    NONE,
    /// It is the one the study chose.
    CHOSEN
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }
}
