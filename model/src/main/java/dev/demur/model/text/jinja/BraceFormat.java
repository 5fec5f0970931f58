package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `str.format` and `str.format_map`: fields in braces.
final class BraceFormat {

  private final Rendering rendering;
  private final Arguments arguments;
  private final Optional<Object> map;
  private int nextPosition;

  private BraceFormat(Rendering rendering, Arguments arguments, Optional<Object> map) {
    this.rendering = rendering;
    this.arguments = arguments;
    this.map = map;
  }

  static String format(Rendering rendering, String template, Arguments arguments) {
    return new BraceFormat(rendering, arguments, Optional.empty()).format(template, 0);
  }

  static String formatMap(Rendering rendering, String template, Arguments arguments) {
    Object map = arguments.single("format_map");
    return new BraceFormat(rendering, Arguments.NONE, Optional.of(map)).format(template, 0);
  }

  private String format(String template, int depth) {
    if (depth > 1) {
      throw TemplateException.wrongValue("Max string recursion exceeded");
    }
    Output output = new Output(rendering);
    int position = 0;
    while (position < template.length()) {
      char c = template.charAt(position);
      if ((c == '{' || c == '}') && template.startsWith(String.valueOf(c), position + 1)) {
        output.write(String.valueOf(c));
        position += 2;
      } else if (c == '{') {
        int end = endOfField(template, position);
        output.write(field(template.substring(position + 1, end), depth));
        position = end + 1;
      } else if (c == '}') {
        throw TemplateException.wrongValue("Single '}' encountered in format string");
      } else {
        output.write(String.valueOf(c));
        position++;
      }
    }
    return output.text();
  }

  private static int endOfField(String template, int start) {
    int nesting = 0;
    for (int i = start; i < template.length(); i++) {
      if (template.charAt(i) == '{') {
        nesting++;
      } else if (template.charAt(i) == '}' && --nesting == 0) {
        return i;
      }
    }
    throw TemplateException.wrongValue("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int colon = field.indexOf(':');
    String spec = colon < 0 ? "" : format(field.substring(colon + 1), depth + 1);
    String name = colon < 0 ? field : field.substring(0, colon);
    int bang = name.indexOf('!');
    Object value = value(bang < 0 ? name : name.substring(0, bang));
    if (bang >= 0) {
      value =
          switch (name.substring(bang + 1)) {
            case "s" -> Printer.str(rendering, value);
            case "r", "a" -> Printer.repr(rendering, value);
            default ->
                throw TemplateException.wrongValue(
                    "Unknown conversion specifier '" + name.substring(bang + 1) + "'");
          };
    }
    return spec.isEmpty()
        ? Printer.str(rendering, value)
        : FormatSpec.parse(spec).format(rendering, value);
  }

  private Object value(String path) {
    int end = 0;
    while (end < path.length() && ".[".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    Object value = first(path.substring(0, end));
    for (String step : steps(path.substring(end))) {
      String name = step.substring(1);
      value =
          step.startsWith(".")
              ? Attributes.attribute(value, name)
              : new Subscripts(rendering).item(value, index(name));
    }
    return value;
  }

  private static Object index(String name) {
    return name.matches("\\d{1,18}") ? (Object) Long.valueOf(name) : name;
  }

  /// `.name` and `[index]` parts, the closing bracket dropped.
  private static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    int start = 0;
    while (start < path.length()) {
      boolean item = path.charAt(start) == '[';
      int end = start + 1;
      while (end < path.length()
          && (item ? path.charAt(end) != ']' : ".[".indexOf(path.charAt(end)) < 0)) {
        end++;
      }
      steps.add(path.substring(start, end));
      start = item ? end + 1 : end;
    }
    return steps;
  }

  private Object first(String name) {
    if (name.isEmpty() || name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long index = name.isEmpty() ? nextPosition++ : Numbers.index(index(name));
      if (index >= arguments.positional().size()) {
        throw new TemplateException(
            "IndexError: Replacement index " + index + " out of range for positional args tuple");
      }
      return arguments.positional().get((int) index);
    }
    return map.map(m -> new Subscripts(rendering).item(m, name))
        .or(() -> Optional.ofNullable(arguments.named().get(name)))
        .orElseThrow(() -> new TemplateException("KeyError: " + Printer.named(name)));
  }
}
