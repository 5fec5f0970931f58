package dev.demur.lab.coherence;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An instruction and what was answered.
///
/// @param instruction as a user would type it
/// @param completion the answer's text
public record Exchange(String instruction, String completion) {

  private static final List<String> INSTRUCTION = List.of("instruction", "prompt");
  private static final List<String> COMPLETION = List.of("output", "completion", "response");

  /// A column of Alpaca with further text for the instruction.
  private static final String INPUT = "input";

  /// Reads Alpaca's format (`instruction`, `input`, `output`) or completions (`prompt`,
  /// `response`). As in the released code, rows with an `input` are left out.
  ///
  /// @throws DataFormatException if a row lacks a column or none is left
  /// @throws IOException if the file cannot be read
  public static List<Exchange> read(Path file) throws IOException {
    var exchanges = new ArrayList<Exchange>();
    for (var row : Rows.read(file).rows()) {
      if (row.get(INPUT).orElse("").isBlank()) {
        exchanges.add(new Exchange(cell(file, row, INSTRUCTION), cell(file, row, COMPLETION)));
      }
    }
    if (exchanges.isEmpty()) {
      throw new DataFormatException(
          file, "holds no row without input; expected instructions with their outputs.");
    }
    return exchanges;
  }

  private static String cell(Path file, Row row, List<String> columns) throws DataFormatException {
    return row.first(columns)
        .orElseThrow(
            () ->
                new DataFormatException(
                    file,
                    row.place(),
                    "expected a column named %s; found %s. Rename the one that holds it."
                        .formatted(
                            String.join(" or ", columns),
                            String.join(", ", row.fields().keySet()))));
  }
}
