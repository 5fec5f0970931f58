package dev.demur.lab.rows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rows of JSON and JSON Lines.
final class JsonRows {

  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonRows() {}

  static List<Row> list(Path file, String text) throws DataFormatException {
    if (text.isBlank()) {
      return List.of();
    }
    var rows = new ArrayList<Row>();
    for (JsonNode element : elements(file, parse(file, "", text))) {
      rows.add(row(file, "row " + rows.size(), element));
    }
    return rows;
  }

  static List<Row> lines(Path file, String text) throws DataFormatException {
    var rows = new ArrayList<Row>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String place = "line " + number;
        rows.add(row(file, place, parse(file, place, line)));
      }
    }
    return rows;
  }

  private static JsonNode parse(Path file, String place, String text) throws DataFormatException {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where = place.isEmpty() && at != null ? "line " + at.getLineNr() : place;
      throw new DataFormatException(
          file, where + " is not JSON (" + e.getOriginalMessage() + "); repair it.", e);
    }
  }

  private static JsonNode elements(Path file, JsonNode root) throws DataFormatException {
    if (root.isArray()) {
      return root;
    }
    var lists =
        root.properties().stream()
            .map(property -> property.getValue())
            .filter(value -> value.isArray() && value.path(0).isObject())
            .toList();
    if (lists.size() != 1) {
      throw new DataFormatException(
          file,
          "expected a JSON list of strings or objects; found "
              + (root.isObject() ? "an object with " + lists.size() + " lists" : "a single value")
              + ". Use .jsonl for one object a line.");
    }
    return lists.getFirst();
  }

  /// The row of one string or object; a nested value is its JSON text, a null no field.
  static Row row(Path file, String place, JsonNode element) throws DataFormatException {
    if (element.isString()) {
      return Row.ofText(place, element.stringValue());
    }
    if (!element.isObject()) {
      throw new DataFormatException(
          file, place, "expected a string or an object, found " + element + ".");
    }
    var fields = new LinkedHashMap<String, String>();
    for (var property : element.properties()) {
      JsonNode value = property.getValue();
      if (!value.isNull()) {
        fields.put(property.getKey(), value.isString() ? value.stringValue() : value.toString());
      }
    }
    return new Row(place, fields);
  }
}
