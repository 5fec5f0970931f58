package dev.demur.lab.rows;

import dev.demur.model.local.Readers;
import dev.demur.model.local.WholeFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON Lines so that a reader sees the old file or the new one, never half of either.
public final class JsonLines {

  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonLines() {}

  /// Writes one value a line: to a temporary file beside `file`, synced, then renamed over it.
  ///
  /// @throws IOException if the disk is full or the folder cannot be written; `file` is unchanged
  ///   then
  public static void write(Path file, List<? extends JsonNode> values) throws IOException {
    WholeFile.write(
        file.toAbsolutePath(), temporary -> writeLines(temporary, values), Readers.AS_USUAL);
  }

  private static void writeLines(Path file, List<? extends JsonNode> values) throws IOException {
    try (BufferedWriter out =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
      for (JsonNode value : values) {
        out.write(JSON.writeValueAsString(value));
        out.write('\n');
      }
    }
  }
}
