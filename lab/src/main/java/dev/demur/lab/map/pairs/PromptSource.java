package dev.demur.lab.map.pairs;

import dev.demur.lab.prompts.EvaluationSet;
import dev.demur.lab.prompts.PromptColumns;
import dev.demur.lab.prompts.PublishedSet;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Where the prompts of one side of a pair come from: a list, a file, rows of a file that satisfy a
/// condition, or a published set.
///
/// @param file that names it; paths are relative to its folder
/// @param name of the pair, for messages
/// @param language of its prompts
/// @param form how they are put
public record PromptSource(Path file, String name, String language, Form form) {

  private static final Set<String> KEYS =
      Set.of("file", "where", "set", "prompt", "answer", "key", "first");

  /// What a side of a pairs file says.
  ///
  /// @param node a list of prompts, a path, or an object with a path and more
  /// @param side for messages
  List<MapPrompt> prompts(JsonNode node, String side) throws IOException {
    if (node.isString()) {
      return all(resolved(node.stringValue()));
    }
    if (node.isArray()) {
      var prompts = new ArrayList<MapPrompt>();
      for (JsonNode one : node) {
        prompts.add(one(one, side));
      }
      return prompts;
    }
    if (node.isObject()) {
      return ofFile(node, side);
    }
    throw new DataFormatException(
        file, name + " needs \"" + side + "\": a list of prompts, a path, or an object with one.");
  }

  private MapPrompt one(JsonNode node, String side) throws IOException {
    if (node.isString() && !node.stringValue().isBlank()) {
      return prompt(node.stringValue(), Optional.empty(), Optional.empty());
    }
    var instruction = node.path("instruction");
    if (!instruction.isString() || instruction.stringValue().isBlank()) {
      throw new DataFormatException(
          file,
          name
              + ", "
              + side
              + ": a prompt must be a text, or an object with an \"instruction\" and perhaps an"
              + " \"answer\" and a \"key\".");
    }
    return prompt(instruction.stringValue(), words(node.path("answer")), words(node.path("key")));
  }

  private static Optional<String> words(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  private List<MapPrompt> ofFile(JsonNode node, String side) throws IOException {
    for (String key : node.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw new DataFormatException(
            file,
            name
                + ", "
                + side
                + " has a key \""
                + key
                + "\"; known are "
                + String.join(", ", KEYS.stream().sorted().toList())
                + ".");
      }
    }
    if (!node.path("file").isString()) {
      throw new DataFormatException(file, name + ", " + side + " needs a \"file\".");
    }
    Path path = resolved(node.path("file").stringValue());
    var where =
        node.path("where").isString()
            ? RowCondition.parse(node.path("where").stringValue())
            : RowCondition.none();
    var read =
        node.path("set").isString()
            ? published(path, node.path("set").stringValue(), where)
            : rows(path, node, where);
    int first = node.path("first").asInt(Integer.MAX_VALUE);
    return read.subList(0, Math.clamp(first, 0, read.size()));
  }

  /// Every prompt of a file.
  List<MapPrompt> all(Path path) throws IOException {
    var prompts = new ArrayList<MapPrompt>();
    for (var row : Rows.read(path).rows()) {
      prompts.add(prompt(path, row));
    }
    return prompts;
  }

  private List<MapPrompt> rows(Path path, JsonNode node, RowCondition where) throws IOException {
    var columns = PromptColumns.usual();
    var instruction =
        node.path("prompt").isString()
            ? columns.withInstruction(node.path("prompt").stringValue())
            : columns;
    var prompts = new ArrayList<MapPrompt>();
    for (var row : Rows.read(path).rows()) {
      if (where.holds(row)) {
        prompts.add(
            prompt(
                instruction(path, row, instruction),
                column(path, row, node.path("answer")),
                column(path, row, node.path("key"))));
      }
    }
    return prompts;
  }

  private static Optional<String> column(Path path, Row row, JsonNode name) throws IOException {
    if (!name.isString()) {
      return Optional.empty();
    }
    var found = row.get(name.stringValue());
    if (found.isEmpty()) {
      throw new DataFormatException(
          path,
          row.place(),
          "has no column "
              + name.stringValue()
              + "; it has "
              + String.join(", ", row.fields().keySet())
              + ".");
    }
    return found;
  }

  private List<MapPrompt> published(Path path, String set, RowCondition where) throws IOException {
    var own = NamedSet.named(set);
    return own.isPresent() ? named(path, own.get(), where) : evaluated(path, set, where);
  }

  private List<MapPrompt> named(Path path, NamedSet set, RowCondition where) throws IOException {
    var prompts = new ArrayList<MapPrompt>();
    for (var row : Rows.read(path).rows()) {
      if (set.holds(row) && where.holds(row)) {
        var said = set.said(path, row, form);
        prompts.add(prompt(said.instruction(), said.answer(), said.key()));
      }
    }
    return prompts;
  }

  private List<MapPrompt> evaluated(Path path, String set, RowCondition where) throws IOException {
    var sets = new LinkedHashMap<String, EvaluationSet>();
    for (var known : PublishedSet.values()) {
      if (set.equals(known.text()) || set.startsWith(known.text() + "-")) {
        known.read(path).forEach(one -> sets.put(one.prompts().name(), one));
      }
    }
    var found = Optional.ofNullable(sets.get(set));
    if (found.isEmpty()) {
      throw new DataFormatException(
          path,
          "holds no set "
              + set
              + (sets.isEmpty()
                  ? "; known are "
                      + String.join(", ", PublishedSet.names())
                      + ", "
                      + String.join(", ", NamedSet.names())
                  : "; it holds " + String.join(", ", sets.keySet()))
              + ".");
    }
    var prompts = new ArrayList<MapPrompt>();
    for (var prompt : found.get().prompts().prompts()) {
      var fields = new LinkedHashMap<String, String>();
      prompt.category().ifPresent(category -> fields.put("category", category));
      if (where.holds(new Row(set, fields))) {
        prompts.add(prompt(prompt.instruction(), Optional.empty(), Optional.empty()));
      }
    }
    return prompts;
  }

  /// The prompt of one row of a file.
  MapPrompt prompt(Path path, Row row) throws IOException {
    return prompt(instruction(path, row, PromptColumns.usual()), Optional.empty(), row.get("key"));
  }

  private static String instruction(Path path, Row row, PromptColumns columns) throws IOException {
    return row.alone()
        .or(() -> row.first(columns.instruction()))
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () ->
                new DataFormatException(
                    path,
                    row.place(),
                    "expected a column named "
                        + String.join(" or ", columns.instruction())
                        + " with a prompt; found "
                        + String.join(", ", row.fields().keySet())
                        + "."));
  }

  /// The category of one row of a file.
  Optional<String> category(Row row) {
    return row.first(PromptColumns.usual().category())
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private MapPrompt prompt(String instruction, Optional<String> answer, Optional<String> key) {
    return new MapPrompt(instruction, answer, key, form, language);
  }

  private Path resolved(String path) throws IOException {
    try {
      return file.toAbsolutePath().resolveSibling(path);
    } catch (InvalidPathException e) {
      throw new DataFormatException(file, name + ": \"" + path + "\" is no path.", e);
    }
  }
}
