package dev.demur.model.format;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON written by strangers: bounded in size, depth and number length, each key once.
///
/// `NaN` and `Infinity` are read as numbers, because Python's `json` writes them.
public final class BoundedJson {

  /// The largest tokenizer.json in use is about 34 MB.
  private static final long MAX_BYTES = 128L << 20;

  /// The deepest real file, a tokenizer.json, has about ten levels.
  private static final int MAX_DEPTH = 64;

  /// A double in full takes at most 25 characters.
  private static final int MAX_NUMBER_LENGTH = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxStringLength((int) MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private BoundedJson() {}

  /// Reads a file that must hold one JSON object.
  ///
  /// @throws ModelFormatException if it is missing, too large, not JSON, or not an object
  public static ObjectNode readObject(Path file) throws IOException {
    if (read(file) instanceof ObjectNode object) {
      return object;
    }
    throw new ModelFormatException(file, "expected a JSON object; fetch the file again");
  }

  /// Reads a file that must hold one JSON value.
  ///
  /// @throws ModelFormatException if it is missing, too large or not JSON
  public static JsonNode read(Path file) throws IOException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelFormatException(
            file,
            String.format(Locale.ROOT, "%,d bytes of JSON, expected at most %,d", size, MAX_BYTES));
      }
      return parse(file, RegularFile.bytes(file));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file; fetch the model again", e);
    }
  }

  /// Parses one JSON value in UTF-8.
  ///
  /// @param file where the text came from, for error messages
  /// @throws ModelFormatException if the text is not JSON within the limits
  public static JsonNode parse(Path file, byte[] utf8) throws ModelFormatException {
    try {
      JsonNode node = MAPPER.readTree(utf8);
      if (node.isMissingNode()) {
        throw new ModelFormatException(file, "empty, expected JSON; fetch the file again");
      }
      return node;
    } catch (JacksonException e) {
      throw notJson(file, e);
    }
  }

  /// A token reader with the same limits, for headers too long for a tree.
  public static JsonParser parser(byte[] utf8) {
    return MAPPER.createParser(utf8);
  }

  /// An empty object.
  public static ObjectNode emptyObject() {
    return MAPPER.createObjectNode();
  }

  /// Says in one line where JSON went wrong.
  public static ModelFormatException notJson(Path file, JacksonException e) {
    String problem = e.getOriginalMessage().lines().findFirst().orElse("malformed");
    var at = e.getLocation();
    return new ModelFormatException(
        file,
        "not valid JSON"
            + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
            + ": "
            + problem
            + "; fetch the file again",
        e);
  }
}
