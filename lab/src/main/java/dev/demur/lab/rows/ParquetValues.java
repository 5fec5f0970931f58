package dev.demur.lab.rows;

import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Values of Parquet as JSON, the way `datasets` writes them in JSON Lines.
final class ParquetValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ParquetValues() {}

  /// Numbers and booleans as they are, text as text, lists and structures as lists and objects;
  /// bytes that are not text as base64; dates and the like in ISO 8601.
  static JsonNode json(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.stringNode(text);
      case Boolean truth -> JSON.booleanNode(truth);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case BigDecimal number -> JSON.numberNode(number);
      case byte[] bytes -> text(bytes);
      case PqStruct structure -> object(structure);
      case PqList list -> array(list);
      case PqMap map -> object(map);
      default -> JSON.stringNode(value.toString());
    };
  }

  /// Old writers did not say which bytes are text.
  private static JsonNode text(byte[] bytes) {
    try {
      return JSON.stringNode(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return JSON.stringNode(Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static JsonNode object(PqStruct structure) {
    var object = JSON.objectNode();
    for (int i = 0; i < structure.getFieldCount(); i++) {
      object.set(structure.getFieldName(i), json(structure.getValue(i)));
    }
    return object;
  }

  private static JsonNode object(PqMap map) {
    var object = JSON.objectNode();
    for (var entry : map.getEntries()) {
      object.set(json(entry.getKey()).asString(), json(entry.getValue()));
    }
    return object;
  }

  private static JsonNode array(PqList list) {
    var array = JSON.arrayNode();
    for (int i = 0; i < list.size(); i++) {
      array.add(json(list.get(i)));
    }
    return array;
  }
}
