package dev.demur.model.text.jinja;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The filters of jinja2, and `tojson` as transformers defines it.
final class Filters {

  /// Changes a value.
  @FunctionalInterface
  interface Filter {
    Object apply(Rendering rendering, Object value, Arguments arguments);
  }

  private static final Map<String, Filter> ALL = new HashMap<>();

  static {
    ALL.putAll(TextFilters.ALL);
    ALL.putAll(NumberFilters.ALL);
    ALL.putAll(SequenceFilters.ALL);
    ALL.putAll(SelectionFilters.ALL);
    ALL.put("tojson", Json::filter);
  }

  private Filters() {}

  static Set<String> names() {
    return Collections.unmodifiableSet(ALL.keySet());
  }

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw new TemplateException("No filter named '" + name + "' found.");
    }
    rendering.step();
    rendering.read(value);
    arguments.payFor(rendering);
    return filter.apply(rendering, value, arguments);
  }
}
