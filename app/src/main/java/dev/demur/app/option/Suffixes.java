package dev.demur.app.option;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A file of suffixes.
final class Suffixes {

  private Suffixes() {}

  /// The suffixes, one a line; a space is put before those that begin with none.
  ///
  /// @throws IllegalArgumentException if there is none
  static List<String> read(Path file) throws IOException {
    var lines = RegularFile.lines(file).stream().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(file + ": holds no suffix; write one a line");
    }
    return lines.stream().map(Suffixes::spaced).toList();
  }

  private static String spaced(String line) {
    return Character.isWhitespace(line.charAt(0)) ? line : " " + line;
  }
}
