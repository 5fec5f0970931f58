package dev.demur.model.text.tokens;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.text.regex.Regex;
import dev.demur.model.text.regex.RegexException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Reads the fields of one part of a `tokenizer.json`, with errors that name the file. Counts the
/// parts and patterns read so far.
///
/// Source: the serialised forms of tokenizers 0.21 (`tokenizers/src/{normalizers,pre_tokenizers,
/// processors,decoders}`).
final class Parts {

  private static final int MAX_DEPTH = 4;
  private static final int MAX_PARTS = 100;

  /// The longest published pattern has 1,600 characters.
  private static final int MAX_PATTERNS = 50_000;

  private final Path file;
  private int parts;
  private int patterns;

  Parts(Path file) {
    this.file = file;
  }

  ModelFormatException problem(String what) {
    return new ModelFormatException(file, what);
  }

  /// Reads a part or, if it is a `Sequence`, each of those in its list.
  interface Reader<T> {
    T read(JsonNode part, String type) throws IOException;
  }

  /// The parts of a kind in the order in which they work; none if there are none.
  <T> List<T> all(JsonNode part, String list, Reader<T> reader) throws IOException {
    List<T> all = new ArrayList<>();
    if (!part.isMissingNode() && !part.isNull()) {
      add(part, list, reader, all, 0);
    }
    return all;
  }

  private <T> void add(JsonNode part, String list, Reader<T> reader, List<T> all, int depth)
      throws IOException {
    if (++parts > MAX_PARTS || depth > MAX_DEPTH) {
      throw problem("has more than " + MAX_PARTS + " parts, or more than 4 in each other");
    }
    String type = part.path("type").asString("");
    if (!type.equals("Sequence")) {
      all.add(reader.read(part, type));
      return;
    }
    if (!part.path(list).isArray()) {
      throw problem("has a sequence that is not a list of parts");
    }
    for (JsonNode inner : part.path(list)) {
      add(inner, list, reader, all, depth + 1);
    }
  }

  ModelFormatException unknown(String kind, String type) {
    return problem("has a %s of type \"%s\", which is not known".formatted(kind, shortened(type)));
  }

  boolean flag(JsonNode part, String name, boolean byDefault) throws IOException {
    JsonNode value = part.path(name);
    require(value.isMissingNode() || value.isNull() || value.isBoolean(), name, value);
    return value.asBoolean(byDefault);
  }

  int count(JsonNode part, String name, int most) throws IOException {
    JsonNode value = part.path(name);
    require(value.isInt() && value.asInt() >= 0 && value.asInt() <= most, name, value);
    return value.asInt();
  }

  int[] text(JsonNode part, String name) throws IOException {
    JsonNode value = part.path(name);
    require(value.isString(), name, value);
    return value.asString().codePoints().toArray();
  }

  int character(JsonNode part, String name) throws IOException {
    int[] text = text(part, name);
    require(text.length == 1, name, part.path(name));
    return text[0];
  }

  <T> T choice(JsonNode part, String name, Function<String, T> known) throws IOException {
    JsonNode value = part.path(name);
    try {
      return known.apply(value.asString(""));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file, unfit(name, value), e);
    }
  }

  /// A pattern that is a text or a regular expression.
  Finder pattern(JsonNode part) throws IOException {
    JsonNode pattern = part.path("pattern");
    String regex = pattern.path("Regex").asString("");
    String text = pattern.path("String").asString("");
    require(pattern.size() == 1 && regex.isEmpty() != text.isEmpty(), "pattern", pattern);
    patterns += regex.length() + text.length();
    if (patterns > MAX_PATTERNS) {
      throw problem("has more than " + MAX_PATTERNS + " characters in its patterns");
    }
    try {
      return regex.isEmpty() ? Finder.text(text) : Finder.of(Regex.compile(regex));
    } catch (RegexException e) {
      throw new ModelFormatException(
          file, "its pattern \"" + shortened(regex) + "\" " + e.getMessage(), e);
    }
  }

  private void require(boolean fits, String name, JsonNode value) throws IOException {
    if (!fits) {
      throw problem(unfit(name, value));
    }
  }

  private static String unfit(String name, JsonNode value) {
    return "has %s in %s, which it cannot hold".formatted(shortened(value.toString()), name);
  }

  static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }
}
