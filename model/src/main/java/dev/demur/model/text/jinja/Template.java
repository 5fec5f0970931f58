package dev.demur.model.text.jinja;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// A template that has been read and can be rendered any number of times, by several threads.
public final class Template {

  /// Longer than any published chat template by far (the longest known has 30,000 characters).
  private static final int MAX_SOURCE = 1 << 20;

  private final List<Stmt> statements;

  private Template(List<Stmt> statements) {
    this.statements = statements;
  }

  /// Reads a template.
  ///
  /// @throws TemplateException if the source is not well formed, with the line
  public static Template parse(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateException(
          "template has " + source.length() + " characters, the most is " + MAX_SOURCE);
    }
    return new Template(StatementParser.parse(source));
  }

  /// Renders the template.
  ///
  /// @param variables what it sees: texts, numbers, booleans, null, lists and maps of these
  /// @param clock the time `strftime_now` tells
  /// @throws TemplateException if the template raises, uses a value wrongly, or does not end
  /// @throws IllegalArgumentException if a variable is of another type
  public String render(Map<String, ?> variables, Clock clock) {
    Rendering rendering = new Rendering(clock, size(variables, 0));
    Scope globals = Scope.top();
    Globals.all().forEach(globals::set);
    variables.forEach((name, value) -> globals.set(name, Values.of(value, 0)));
    Scope top = globals.inner();
    try {
      return new Interpreter(rendering, top).rendered(statements, top);
    } catch (StackOverflowError e) { // a caller's small stack holds fewer levels than are allowed
      throw Rendering.tooDeep();
    }
  }

  /// Characters and values in the data, roughly.
  private static long size(@org.jspecify.annotations.Nullable Object value, int depth) {
    if (depth > Values.MAX_DEPTH) {
      return 1;
    }
    return switch (value) {
      case String text -> 1 + text.length();
      case Map<?, ?> map -> {
        long size = 1;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          size += size(entry.getKey(), depth + 1) + size(entry.getValue(), depth + 1);
        }
        yield size;
      }
      case Collection<?> items -> {
        long size = 1;
        for (Object item : items) {
          size += size(item, depth + 1);
        }
        yield size;
      }
      case null, default -> 1;
    };
  }
}
