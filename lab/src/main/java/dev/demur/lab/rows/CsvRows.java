package dev.demur.lab.rows;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// Rows of CSV and TSV tables with a header line (RFC 4180 quoting).
final class CsvRows {

  private CsvRows() {}

  static List<Row> parse(Path file, String text, char delimiter) throws IOException {
    if (text.isBlank()) {
      return List.of();
    }
    var format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter)
            .setHeader()
            .setSkipHeaderRecord(true)
            .setAllowMissingColumnNames(true)
            .get();
    try (var parser = CSVParser.parse(new StringReader(text), format)) {
      var names = parser.getHeaderNames();
      var rows = new ArrayList<Row>();
      for (var line : parser) {
        String place = "row " + rows.size();
        if (line.size() > parser.getHeaderMap().size()) {
          throw new DataFormatException(
              file,
              place,
              "has "
                  + line.size()
                  + " cells under "
                  + parser.getHeaderMap().size()
                  + " headings; quote cells that hold the separator.");
        }
        var fields = new LinkedHashMap<String, String>();
        for (String name : names) {
          if (line.isSet(name)) {
            fields.put(name, line.get(name));
          }
        }
        rows.add(new Row(place, fields));
      }
      return rows;
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new DataFormatException(
          file, "is not a table with a header line (" + e.getMessage() + "); repair it.", e);
    }
  }

  /// The cells of a table without a header.
  static List<List<String>> cells(Path file, String text) throws IOException {
    try (var parser = CSVParser.parse(new StringReader(text), CSVFormat.RFC4180)) {
      return parser.stream().map(CSVRecord::toList).toList();
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new DataFormatException(file, "is not a table (" + e.getMessage() + "); repair it.", e);
    }
  }
}
