package dev.demur.lab.report.format;

import dev.demur.lab.VisibleText;
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
import dev.demur.lab.report.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/// Tables as CSV (RFC 4180, UTF-8, `\n`): unrounded numbers, empty where there is none.
final class CsvTable {

  /// What a formula may open with, in the wide forms of Chinese and Japanese keyboards too.
  private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

  private CsvTable() {}

  static String write(Table table) {
    var out = new StringBuilder();
    var format = CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();
    try (var printer = new CSVPrinter(out, format)) {
      printer.printRecord(table.columns().stream().flatMap(CsvTable::names).toList());
      for (var row : table.rows()) {
        printer.printRecord(
            IntStream.range(0, row.cells().size())
                .boxed()
                .flatMap(i -> values(table.columns().get(i), row.cells().get(i)).stream())
                .toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringBuilder does not fail
    }
    return out.toString();
  }

  /// Names of a column's values.
  static Stream<String> names(Column column) {
    return column.kind() == Kind.RANGE
        ? Stream.of(column.key() + "_low", column.key() + "_high")
        : Stream.of(column.key());
  }

  private static List<Object> values(Column column, Cell cell) {
    return switch (cell) {
      case Text(var words) -> List.of(harmless(words));
      case Code(var code) -> List.of(harmless(code));
      case Count(var n) -> List.of(n);
      case Ordinal(var n) -> List.of(n);
      case Amount(var value, _) -> List.of(value);
      case Range(var interval, _) -> List.of(interval.low(), interval.high());
      case Missing _ -> column.kind() == Kind.RANGE ? List.of("", "") : List.of("");
    };
  }

  /// Control characters are written out. Spreadsheets run text that opens like a formula; a leading
  /// apostrophe keeps it text.
  private static String harmless(String text) {
    String shown = VisibleText.of(text);
    return !shown.isEmpty() && FORMULA.indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
  }
}
