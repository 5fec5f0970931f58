package dev.demur.lab.rows;

import dev.demur.lab.Sha256;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The rows of one file, with the hash of its bytes.
///
/// The ending of the name decides: `.json` is a list of strings or objects (or an object that holds
/// exactly one list of objects), `.jsonl` and `.ndjson` one string or object a line, `.csv` and
/// `.tsv` a table with a header, `.parquet` Apache Parquet; anything else is text, one row a line,
/// blank lines left out. Files but Parquet are UTF-8; a byte order mark is skipped.
///
/// @param rows in the order of the file; may be empty
/// @param sha256 of the file's bytes, 64 hexadecimal digits
public record Rows(List<Row> rows, String sha256) {

  public Rows {
    rows = List.copyOf(rows);
  }

  /// Reads `file`.
  ///
  /// @throws DataFormatException if it is not there, not UTF-8, or malformed
  /// @throws IOException if it cannot be read
  public static Rows read(Path file) throws IOException {
    byte[] bytes = bytes(file);
    var rows =
        ending(file).equals("parquet")
            ? ParquetRows.list(file, bytes)
            : parse(file, decode(file, bytes));
    return new Rows(rows, Sha256.of(bytes));
  }

  /// The cells of a CSV file without a header line, row by row.
  ///
  /// @throws DataFormatException if it is not there, not UTF-8, or malformed
  /// @throws IOException if it cannot be read
  public static List<List<String>> readTable(Path file) throws IOException {
    return CsvRows.cells(file, decode(file, bytes(file)));
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.isRegularFile(RegularFile.of(file))) {
      throw new DataFormatException(file, "no such file; check the path.");
    }
    return RegularFile.bytes(file);
  }

  private static List<Row> parse(Path file, String text) throws IOException {
    return switch (ending(file)) {
      case "json" -> JsonRows.list(file, text);
      case "jsonl", "ndjson" -> JsonRows.lines(file, text);
      case "csv" -> CsvRows.parse(file, text, ',');
      case "tsv" -> CsvRows.parse(file, text, '\t');
      default -> lines(text);
    };
  }

  private static String ending(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static List<Row> lines(String text) {
    var rows = new ArrayList<Row>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        rows.add(Row.ofText("line " + number, line.strip()));
      }
    }
    return rows;
  }

  private static String decode(Path file, byte[] bytes) throws DataFormatException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataFormatException(file, "is not UTF-8 text; save it as UTF-8.", e);
    }
  }
}
