package dev.demur.serve.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// An object of a body, read field by field. A field that is `null` counts as absent.
///
/// @param node the object
/// @param path what stands before a field's name in messages; empty for the body itself
public record Fields(JsonNode node, String path) {

  /// Longer values are strangers' texts, which no message repeats.
  private static final int LONGEST_SHOWN = 24;

  /// The body.
  ///
  /// @throws ApiException if it is not an object
  static Fields of(@Nullable JsonNode body) {
    if (body == null || !body.isObject()) {
      throw new ApiException(ApiException.Reason.INVALID, "the body must be a JSON object");
    }
    return new Fields(body, "");
  }

  /// A field's name as messages have it.
  public String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /// Whether there is such a field with a value.
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /// The raw value.
  public Optional<JsonNode> value(String field) {
    return has(field) ? Optional.of(node.get(field)) : Optional.empty();
  }

  /// A text.
  public Optional<String> text(String field) {
    return value(field).map(v -> require(v.isString(), v, field, "a string").asString());
  }

  /// A text that must be there.
  public String requireText(String field) {
    return text(field).orElseThrow(() -> missing(field));
  }

  /// A truth value; false where there is none.
  public boolean isOn(String field) {
    return value(field)
        .map(v -> require(v.isBoolean(), v, field, "true or false").asBoolean())
        .orElse(false);
  }

  /// A number within bounds.
  public double number(String field, double otherwise, double least, double most) {
    if (!has(field)) {
      return otherwise;
    }
    var value = node.get(field);
    double number = require(value.isNumber(), value, field, "a number").asDouble();
    if (!(number >= least && number <= most)) { // also refuses NaN
      throw ApiException.invalid(
          name(field),
          name(field) + " must be " + least + " to " + most + ", was " + value.asString());
    }
    return number;
  }

  /// A whole number within bounds.
  public OptionalInt whole(String field, int least, int most) {
    if (!has(field)) {
      return OptionalInt.empty();
    }
    var value = node.get(field);
    boolean fits =
        value.isIntegralNumber()
            && value.canConvertToInt()
            && value.asInt() >= least
            && value.asInt() <= most;
    require(fits, value, field, "a whole number, " + least + " to " + most);
    return OptionalInt.of(value.asInt());
  }

  /// A whole number of any size that fits 64 bits.
  public OptionalLong large(String field) {
    if (!has(field)) {
      return OptionalLong.empty();
    }
    var value = node.get(field);
    boolean fits = value.isIntegralNumber() && value.canConvertToLong();
    return OptionalLong.of(require(fits, value, field, "a whole number").asLong());
  }

  /// An object; an empty one where there is none.
  public Fields object(String field) {
    if (!has(field)) {
      return new Fields(JsonNodeFactory.instance.objectNode(), name(field));
    }
    var value = node.get(field);
    return new Fields(require(value.isObject(), value, field, "an object"), name(field));
  }

  /// A list; an empty one where there is none.
  ///
  /// @param most longer ones are refused
  public List<JsonNode> list(String field, int most) {
    if (!has(field)) {
      return List.of();
    }
    var value = node.get(field);
    require(value.isArray() && value.size() <= most, value, field, "a list of at most " + most);
    var all = new ArrayList<JsonNode>();
    value.forEach(all::add);
    return List.copyOf(all);
  }

  /// A list of objects that must be there and have one at least.
  public List<Fields> objects(String field, int most) {
    if (!has(field)) {
      throw missing(field);
    }
    var list = list(field, most);
    var all = new ArrayList<Fields>();
    for (int i = 0; i < list.size(); i++) {
      String at = name(field) + "[" + i + "]";
      if (!list.get(i).isObject()) {
        throw ApiException.invalid(at, at + " must be an object");
      }
      all.add(new Fields(list.get(i), at));
    }
    if (all.isEmpty()) {
      throw ApiException.invalid(name(field), name(field) + " must not be empty");
    }
    return List.copyOf(all);
  }

  /// Texts: one string, or a list of strings; none where there is no such field.
  public List<String> texts(String field, int most) {
    if (value(field).filter(JsonNode::isString).isPresent()) {
      return List.of(node.get(field).asString());
    }
    return list(field, most).stream()
        .map(v -> require(v.isString(), v, field, "a string or a list of strings").asString())
        .toList();
  }

  /// An object's values as Java knows them: texts, numbers, truth values, lists and maps.
  public Map<String, @Nullable Object> values(String field) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    object(field).node.properties().forEach(e -> all.put(e.getKey(), plain(e.getValue())));
    return all;
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isArray()) {
      var list = new ArrayList<@Nullable Object>();
      value.forEach(v -> list.add(plain(v)));
      return list;
    }
    if (value.isObject()) {
      var map = new LinkedHashMap<String, @Nullable Object>();
      value.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
      return map;
    }
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.asLong();
    }
    return value.isNumber() ? value.asDouble() : value.asString();
  }

  /// What to throw where a field must be there.
  public ApiException missing(String field) {
    return ApiException.invalid(name(field), name(field) + " is missing");
  }

  private JsonNode require(boolean fits, JsonNode value, String field, String expected) {
    if (!fits) {
      throw ApiException.invalid(
          name(field), name(field) + " must be " + expected + ", was " + shown(value));
    }
    return value;
  }

  /// A number or word itself, and of anything longer what it is.
  private static String shown(JsonNode value) {
    String text = value.isContainer() ? "" : value.toString();
    return text.isEmpty() || text.length() > LONGEST_SHOWN
        ? value.getNodeType().name().toLowerCase(Locale.ROOT)
        : text;
  }
}
