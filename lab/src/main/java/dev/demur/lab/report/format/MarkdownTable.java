package dev.demur.lab.report.format;

import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Column.Kind;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Tables in Markdown, padded so that columns line up in a terminal.
final class MarkdownTable {

  /// Longer hashes are cut in Markdown, where they would break every line; CSV has them whole.
  private static final int LONGEST_CODE = 16;

  /// A rule of Markdown has three hyphens at least.
  private static final int LEAST_WIDTH = 3;

  private MarkdownTable() {}

  static String write(Table table) {
    var rows = aligned(table, MarkdownTable::escaped);
    var out = new ArrayList<String>();
    for (var row : rows) {
      out.add("| " + String.join(" | ", row) + " |");
    }
    out.add(1, rule(table.columns(), rows.getFirst()));
    return String.join("\n", out);
  }

  /// Headings and rows, each cell as wide as its column: words flush left, numbers flush right.
  ///
  /// @param written how text is written, on one line
  static List<List<String>> aligned(Table table, UnaryOperator<String> written) {
    var lines = new ArrayList<List<String>>();
    lines.add(table.columns().stream().map(c -> written.apply(c.heading())).toList());
    for (var row : table.rows()) {
      lines.add(row.cells().stream().map(cell -> written.apply(text(cell))).toList());
    }
    var widths =
        IntStream.range(0, table.columns().size())
            .map(i -> lines.stream().mapToInt(line -> width(line.get(i))).max().orElse(0))
            .map(width -> Math.max(LEAST_WIDTH, width))
            .boxed()
            .toList();
    return lines.stream().map(line -> aligned(table.columns(), line, widths)).toList();
  }

  private static List<String> aligned(
      List<Column> columns, List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(
            i -> {
              String pad = " ".repeat(widths.get(i) - width(cells.get(i)));
              boolean left = columns.get(i).kind() == Kind.TEXT;
              return left ? cells.get(i) + pad : pad + cells.get(i);
            })
        .toList();
  }

  /// A value as readers see it.
  static String text(Cell cell) {
    return switch (cell) {
      case Text(var words) -> words;
      case Code(var code) ->
          code.length() == 64 && code.matches("[0-9a-f]+")
              ? code.substring(0, LONGEST_CODE) + "…"
              : code;
      case Count(var n) -> Numbers.count(n);
      case Ordinal(var n) -> Numbers.ordinal(n);
      case Amount(var value, var unit) -> Numbers.amount(value, unit);
      case Range(var interval, var unit) -> Numbers.range(interval, unit);
      case Missing _ -> "–";
    };
  }

  private static String rule(List<Column> columns, List<String> headings) {
    var out = new StringBuilder("|");
    for (int i = 0; i < headings.size(); i++) {
      boolean left = columns.get(i).kind() == Kind.TEXT;
      out.append(" ")
          .append("-".repeat(width(headings.get(i)) - (left ? 0 : 1)))
          .append(left ? " |" : ": |");
    }
    return out.toString();
  }

  private static String escaped(String text) {
    return MarkdownReport.inline(text).replace("|", "\\|");
  }

  static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
