package dev.demur.lab.report.format;

import static dev.demur.lab.report.format.Html.element;
import static dev.demur.lab.report.format.Html.text;

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
import dev.demur.lab.report.Table.Mark;
import dev.demur.lab.report.format.Html.Element;
import java.util.ArrayList;
import java.util.List;

/// Tables and cells in HTML. A cell's `data-value` is the unrounded number; a range has `data-low`
/// and `data-high`.
final class HtmlTable {

  /// Hexadecimal digits of a SHA-256: cut by the style sheet, whole under the pointer and in a
  /// copy.
  private static final int HASH = 64;

  /// With so few columns, a table as wide as the page would pull them apart.
  private static final int MOST_NARROW = 4;

  /// Characters from which on words are a sentence.
  private static final int SENTENCE = 40;

  private HtmlTable() {}

  /// The table, in a region that scrolls sideways on narrow screens.
  static Element of(Table table) {
    var head = element("tr", table.columns().stream().map(HtmlTable::heading).toList());
    var rows = new ArrayList<Html>();
    for (var row : table.rows()) {
      rows.add(row(table, row));
    }
    var whole =
        element(
                "table",
                element("caption", table.caption()),
                element("thead", head),
                element("tbody", rows))
            .with("id", "table-" + Html.slug(table.id()))
            .with("class", table.columns().size() <= MOST_NARROW ? "narrow" : "full")
            .with("data-table", table.id());
    return element("div", whole)
        .with("class", "scroll")
        .with("role", "region")
        .with("tabindex", "0")
        .with("aria-label", table.caption());
  }

  /// One value, wherever it stands.
  static Element value(String tag, Cell cell) {
    return switch (cell) {
      case Text(var words) -> element(tag, words);
      case Code(var code) -> code(tag, code);
      case Count(var n) -> element(tag, Numbers.count(n)).with("data-value", Long.toString(n));
      case Ordinal(var n) -> element(tag, Numbers.ordinal(n)).with("data-value", Long.toString(n));
      case Amount(var amount, var unit) ->
          element(tag, Numbers.amount(amount, unit)).with("data-value", Double.toString(amount));
      case Range(var interval, var unit) ->
          element(tag, Numbers.range(interval, unit))
              .with("data-low", Double.toString(interval.low()))
              .with("data-high", Double.toString(interval.high()));
      case Missing(var why) ->
          element(
                  tag,
                  element("span", "–").with("aria-hidden", "true"),
                  element("span", why).with("class", "unseen"))
              .with("title", why);
    };
  }

  private static Element code(String tag, String code) {
    boolean hash = code.length() == HASH && code.matches("[0-9a-f]+");
    var inner = element("code", text(code));
    return element(tag, hash ? inner.with("class", "hash").with("title", code) : inner);
  }

  private static Element heading(Column column) {
    var cell = element("th", column.heading()).with("scope", "col");
    return column.kind() == Kind.TEXT ? cell : cell.with("class", "n");
  }

  private static Element row(Table table, Table.Row row) {
    var cells = new ArrayList<Html>();
    for (int i = 0; i < row.cells().size(); i++) {
      var column = table.columns().get(i);
      var cell = value(i == 0 ? "th" : "td", row.cells().get(i));
      var keyed = cell.with("data-key", column.key());
      var aligned = column.kind() == Kind.TEXT ? keyed : keyed.with("class", "n");
      cells.add(i == 0 ? aligned.with("scope", "row") : wide(aligned, row.cells().get(i)));
    }
    var whole = element("tr", List.copyOf(cells));
    return row.mark() == Mark.CHOSEN ? whole.with("class", "chosen") : whole;
  }

  /// A sentence keeps some width on a narrow page, where it would become a column of single words.
  private static Element wide(Element cell, Cell value) {
    return value instanceof Cell.Text(var words) && words.length() > SENTENCE
        ? cell.with("class", "words")
        : cell;
  }
}
