package dev.demur.model.text.jinja;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Filters that pick or change the values of a sequence one by one, when they are asked for.
final class SelectionFilters {

  static final Map<String, Filters.Filter> ALL = new HashMap<>();

  static {
    ALL.put("map", SelectionFilters::map);
    ALL.put("select", (r, v, a) -> select(r, v, a, true, false));
    ALL.put("reject", (r, v, a) -> select(r, v, a, false, false));
    ALL.put("selectattr", (r, v, a) -> select(r, v, a, true, true));
    ALL.put("rejectattr", (r, v, a) -> select(r, v, a, false, true));
    ALL.put("default", SelectionFilters::byDefault);
    ALL.put("d", SelectionFilters::byDefault);
    ALL.put("attr", SelectionFilters::attribute);
  }

  private SelectionFilters() {}

  private static Object map(Rendering rendering, Object value, Arguments arguments) {
    if (!Values.truth(value)) {
      return Generator.empty();
    }
    UnaryOperator<Object> change = change(rendering, arguments);
    Iterator<Object> values = Values.iterator(value);
    return Generator.over(
        value,
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return values.hasNext();
          }

          @Override
          public Object next() {
            rendering.step();
            return change.apply(values.next());
          }
        });
  }

  private static UnaryOperator<Object> change(Rendering rendering, Arguments arguments) {
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      Optional<Object> byDefault = bound.get("default").filter(d -> d != None.NONE);
      AttributePath path = AttributePath.of(bound.required("attribute"), byDefault, false);
      return item -> path.in(rendering, item);
    }
    if (arguments.positional().isEmpty()) {
      throw new TemplateException("FilterArgumentError: map requires a filter argument");
    }
    String filter = Printer.str(rendering, arguments.positional().getFirst());
    Arguments rest = arguments.withoutFirst();
    return item -> Filters.apply(rendering, filter, item, rest);
  }

  private static Object select(
      Rendering rendering, Object value, Arguments arguments, boolean keeps, boolean byAttribute) {
    if (!Values.truth(value)) {
      return Generator.empty();
    }
    Predicate<Object> test = predicate(rendering, arguments, byAttribute);
    return Generator.over(
        value, new Selected(rendering, Values.iterator(value), item -> test.test(item) == keeps));
  }

  private static Predicate<Object> predicate(
      Rendering rendering, Arguments arguments, boolean byAttribute) {
    if (!byAttribute) {
      return predicate(rendering, arguments);
    }
    if (arguments.positional().isEmpty()) {
      throw new TemplateException("FilterArgumentError: Missing parameter for attribute name");
    }
    AttributePath path =
        AttributePath.of(arguments.positional().getFirst(), Optional.empty(), false);
    Predicate<Object> test = predicate(rendering, arguments.withoutFirst());
    return item -> test.test(path.in(rendering, item));
  }

  private static Predicate<Object> predicate(Rendering rendering, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return Values::truth;
    }
    String test = Printer.str(rendering, arguments.positional().getFirst());
    Arguments rest = arguments.withoutFirst();
    return item -> Tests.holds(rendering, test, item, rest);
  }

  private static Object byDefault(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.flag("boolean") && !Values.truth(value));
    return missing ? bound.get("default_value", "") : value;
  }

  private static Object attribute(Rendering rendering, Object value, Arguments arguments) {
    String name = Values.text(arguments.single("attr"));
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Attributes.own(value, name).orElseGet(() -> Undefined.attribute(value, name));
  }

  /// The values that meet a condition.
  private static final class Selected implements Iterator<Object> {

    private final Rendering rendering;
    private final Iterator<Object> values;
    private final Predicate<Object> condition;
    private Optional<Object> found = Optional.empty();

    Selected(Rendering rendering, Iterator<Object> values, Predicate<Object> condition) {
      this.rendering = rendering;
      this.values = values;
      this.condition = condition;
    }

    @Override
    public boolean hasNext() {
      while (found.isEmpty() && values.hasNext()) {
        rendering.step();
        found = Optional.of(values.next()).filter(condition);
      }
      return found.isPresent();
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object value = found.orElseThrow();
      found = Optional.empty();
      return value;
    }
  }
}
