package dev.demur.model.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Python's `json.dumps`, as the `tojson` filter of transformers calls it: nothing is escaped for
/// HTML, and characters beyond ASCII stay as they are unless asked otherwise.
final class Json {

  private final boolean ascii;
  private final Optional<String> indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final Rendering rendering;
  private final Output output;

  private Json(Rendering rendering, Arguments.Bound bound) {
    this.rendering = rendering;
    this.output = new Output(rendering);
    this.ascii = bound.flag("ensure_ascii");
    this.indent = bound.get("indent").filter(i -> i != None.NONE).map(this::indention);
    this.sorted = bound.flag("sort_keys");
    Optional<Object> separators = bound.get("separators").filter(s -> s != None.NONE);
    List<Object> both =
        separators
            .map(s -> Values.list(rendering, s))
            .orElse(List.of(indent.isPresent() ? "," : ", ", ": "));
    if (both.size() != 2) {
      throw TemplateException.wrongValue("separators must be two texts");
    }
    this.itemSeparator = Values.text(both.get(0));
    this.keySeparator = Values.text(both.get(1));
  }

  static Object filter(Rendering rendering, Object value, Arguments arguments) {
    Json json =
        new Json(
            rendering,
            arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
    json.write(value, 0);
    return json.output.text();
  }

  private String indention(Object indent) {
    return Values.isText(indent) ? Values.text(indent) : TextFilters.blanks(rendering, indent);
  }

  private void write(Object value, int depth) {
    if (depth > Values.MAX_DEPTH) {
      throw new TemplateException("RecursionError: value is nested too deep for JSON");
    }
    rendering.step();
    switch (value) {
      case None none -> output.write("null");
      case Boolean b -> output.write(b ? "true" : "false");
      case Double d -> output.write(number(d));
      case String text -> output.write(quoted(text));
      case Markup markup -> output.write(quoted(markup.text()));
      case List<?> list -> array(list, depth);
      case Tuple tuple -> array(tuple.items(), depth);
      case Dict dict -> object(dict, depth);
      default -> {
        if (!Values.isInteger(value)) {
          throw TemplateException.wrongType(
              "Object of type " + Values.typeName(value) + " is not JSON serializable");
        }
        output.write(Printer.str(rendering, value));
      }
    }
  }

  private static String number(double value) {
    return Double.isFinite(value)
        ? Printer.number(value)
        : Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  private void array(List<?> items, int depth) {
    Iterator<?> iterator = items.iterator();
    output.write("[");
    while (iterator.hasNext()) {
      newLine(depth + 1);
      write(iterator.next(), depth + 1);
      output.write(iterator.hasNext() ? itemSeparator : "");
    }
    if (!items.isEmpty()) {
      newLine(depth);
    }
    output.write("]");
  }

  private void object(Dict dict, int depth) {
    List<Object> keys = dict.keys();
    if (sorted) {
      Comparisons comparisons = new Comparisons(rendering);
      keys.sort(comparisons::compare);
    }
    Iterator<Object> iterator = keys.iterator();
    output.write("{");
    while (iterator.hasNext()) {
      Object key = iterator.next();
      newLine(depth + 1);
      output.write(quoted(key(key)));
      output.write(keySeparator);
      write(dict.get(key).orElse(None.NONE), depth + 1);
      output.write(iterator.hasNext() ? itemSeparator : "");
    }
    if (!keys.isEmpty()) {
      newLine(depth);
    }
    output.write("}");
  }

  private String key(Object key) {
    return switch (key) {
      case String text -> text;
      case Markup markup -> markup.text();
      case None none -> "null";
      case Boolean b -> b ? "true" : "false";
      case Double d -> number(d);
      default -> {
        if (!Values.isInteger(key)) {
          throw TemplateException.wrongType(
              "keys must be str, int, float, bool or None, not " + Values.typeName(key));
        }
        yield Printer.str(rendering, key);
      }
    };
  }

  private void newLine(int depth) {
    indent.ifPresent(
        step -> {
          rendering.allocate((long) step.length() * depth);
          output.write("\n" + step.repeat(depth));
        });
  }

  private String quoted(String text) {
    rendering.read(text);
    StringBuilder result = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (result.length() > Rendering.MAX_TEXT) {
        throw Rendering.tooMuch();
      }
      switch (c) {
        case '"' -> result.append("\\\"");
        case '\\' -> result.append("\\\\");
        case '\n' -> result.append("\\n");
        case '\r' -> result.append("\\r");
        case '\t' -> result.append("\\t");
        case '\f' -> result.append("\\f");
        case '\b' -> result.append("\\b");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7E)) {
            Printer.appendHex(result.append("\\u"), c, 4);
          } else {
            result.append(c);
          }
        }
      }
    }
    return result.append('"').toString();
  }
}
