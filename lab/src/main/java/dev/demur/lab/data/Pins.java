package dev.demur.lab.data;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Hashes written down when a file first came, in `pins.json` of a set's folder.
///
/// @param file the JSON file: hash by file name
record Pins(Path file) {

  private static final long MAX_BYTES = 100_000;

  /// The hash that is expected of a file.
  ///
  /// @throws DataFormatException if what is written down cannot be read
  Optional<String> expected(DatasetFile wanted) throws IOException {
    return switch (wanted.pin()) {
      case Pin.Known(var sha256) -> Optional.of(sha256);
      case Pin.OnFirstPull() -> {
        String sha256 = read().path(wanted.name()).asString("");
        yield sha256.isEmpty() ? Optional.empty() : Optional.of(new Pin.Known(sha256).sha256());
      }
    };
  }

  /// Writes a hash down.
  void add(DatasetFile wanted, String sha256) throws IOException {
    var all = new TreeMap<String, String>();
    read().properties().forEach(pin -> all.put(pin.getKey(), pin.getValue().asString("")));
    all.put(wanted.name(), sha256);
    String json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    WholeFile.write(file, (json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode read() throws IOException {
    try {
      if (!RegularFile.isThere(file)) {
        return JsonMapper.shared().createObjectNode();
      }
      if (Files.size(file) <= MAX_BYTES) {
        var node = JsonMapper.shared().readTree(RegularFile.bytes(file));
        if (node.isObject()) {
          return node;
        }
      }
      throw new DataFormatException(file, "is not a list of hashes; delete it and pull again");
    } catch (JacksonException e) {
      throw new DataFormatException(file, "is not a list of hashes; delete it and pull again", e);
    }
  }
}
