package dev.demur.lab.report.format;

import dev.demur.lab.report.Column;
import dev.demur.lab.report.Column.Kind;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tables for a terminal of 80 columns. One that is wider gets headings of several lines; if that
/// is not enough, what a row is about stands on a line of its own; if that is not either, every
/// cell does.
final class TextTable {

  private static final String BETWEEN = "  ";

  /// Narrower columns look like mistakes.
  private static final int LEAST_WIDTH = 3;

  private final List<Column> columns;
  private final List<List<String>> rows;
  private final int limit;

  private TextTable(List<Column> columns, List<List<String>> rows, int limit) {
    this.columns = columns;
    this.rows = rows;
    this.limit = limit;
  }

  /// The table's lines.
  ///
  /// @param written how text is written, on one line
  /// @param limit columns there are
  static List<String> lines(Table table, UnaryOperator<String> written, int limit) {
    var rows =
        table.rows().stream()
            .map(
                row -> row.cells().stream().map(c -> written.apply(MarkdownTable.text(c))).toList())
            .toList();
    return new TextTable(table.columns(), rows, limit).lines();
  }

  private List<String> lines() {
    var whole = columns.stream().map(c -> List.of(c.heading())).toList();
    return Stream.of(
            drawn(0, whole), drawn(0, wrappedHeadings()), named(whole), named(wrappedHeadings()))
        .filter(this::fits)
        .findFirst()
        .orElseGet(this::cards);
  }

  private boolean fits(List<String> lines) {
    return lines.stream().allMatch(line -> MarkdownTable.width(line) <= limit);
  }

  /// The columns from one on: headings of the same height, then rows.
  private List<String> drawn(int from, List<List<String>> headings) {
    int height = headings.stream().skip(from).mapToInt(List::size).max().orElse(0);
    var all = new ArrayList<List<String>>();
    for (int line = 0; line < height; line++) {
      int above = height - line;
      all.add(
          headings.stream().map(h -> above <= h.size() ? h.get(h.size() - above) : "").toList());
    }
    all.addAll(rows);
    var widths =
        IntStream.range(0, columns.size())
            .map(i -> all.stream().mapToInt(row -> MarkdownTable.width(row.get(i))).max().orElse(0))
            .map(width -> Math.max(LEAST_WIDTH, width))
            .toArray();
    return all.stream()
        .map(
            row ->
                String.join(
                        BETWEEN,
                        IntStream.range(from, columns.size())
                            .mapToObj(i -> padded(i, row.get(i), widths[i]))
                            .toList())
                    .stripTrailing())
        .toList();
  }

  private String padded(int column, String cell, int width) {
    String pad = " ".repeat(width - MarkdownTable.width(cell));
    return columns.get(column).kind() == Kind.TEXT ? cell + pad : pad + cell;
  }

  /// Headings broken between words so that they are no wider than what stands below them, if their
  /// words allow it.
  private List<List<String>> wrappedHeadings() {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i -> {
              int width =
                  rows.stream().mapToInt(row -> MarkdownTable.width(row.get(i))).max().orElse(0);
              return wrapped(columns.get(i).heading(), width);
            })
        .toList();
  }

  private static List<String> wrapped(String heading, int width) {
    var lines = new ArrayList<String>();
    var words = List.of(heading.split(" ", -1));
    int room = Math.max(width, words.stream().mapToInt(MarkdownTable::width).max().orElse(0));
    for (String word : words) {
      String longer = lines.isEmpty() ? word : lines.getLast() + " " + word;
      if (!lines.isEmpty() && MarkdownTable.width(longer) <= room) {
        lines.set(lines.size() - 1, longer);
      } else {
        lines.add(word);
      }
    }
    return lines;
  }

  /// Rows whose first cell stands above the others, once for rows that have it in common.
  private List<String> named(List<List<String>> headings) {
    var rest = drawn(1, headings);
    int height = rest.size() - rows.size();
    var lines = new ArrayList<String>();
    lines.add(columns.getFirst().heading());
    rest.subList(0, height).forEach(line -> lines.add(BETWEEN + line));
    String name = "";
    for (int i = 0; i < rows.size(); i++) {
      if (i == 0 || !rows.get(i).getFirst().equals(name)) {
        name = rows.get(i).getFirst();
        lines.add(name);
      }
      lines.add(BETWEEN + rest.get(height + i));
    }
    return lines;
  }

  /// Rows as lists of what stands in them.
  private List<String> cards() {
    var lines = new ArrayList<String>();
    for (var row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        lines.add((i == 0 ? "" : BETWEEN) + columns.get(i).heading() + ": " + row.get(i));
      }
    }
    return lines;
  }
}
