package dev.demur.model.text.jinja;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tests of jinja2, used with `is`.
final class Tests {

  private interface Test {
    boolean holds(Rendering rendering, Object value, Arguments arguments);
  }

  private static final Map<String, Test> ALL = new HashMap<>();

  static {
    alone("defined", v -> !(v instanceof Undefined));
    alone("undefined", v -> v instanceof Undefined);
    alone("none", v -> v == None.NONE);
    alone("boolean", v -> v instanceof Boolean);
    alone("true", v -> v instanceof Boolean b && b);
    alone("false", v -> v instanceof Boolean b && !b);
    alone("integer", v -> Values.isInteger(v) && !(v instanceof Boolean));
    alone("float", v -> v instanceof Double);
    alone("number", Values::isNumber);
    alone("string", Values::isText);
    alone("mapping", v -> v instanceof Dict);
    alone("iterable", v -> Values.iteratorIfAny(v).isPresent() || v instanceof LoopContext);
    alone("sequence", Tests::isSequence);
    alone("callable", Tests::isCallable);
    alone("escaped", v -> v instanceof Markup);
    ALL.put("lower", Tests::isLower);
    ALL.put("upper", Tests::isUpper);
    alone("filter", v -> v instanceof String name && Filters.exists(name));
    alone("test", v -> v instanceof String name && exists(name));
    ALL.put("odd", (r, v, a) -> remainder(r, v, 2L) instanceof Number n && n.doubleValue() == 1);
    ALL.put("even", (r, v, a) -> remainder(r, v, 2L) instanceof Number n && n.doubleValue() == 0);
    ALL.put(
        "divisibleby",
        (r, v, a) ->
            remainder(r, v, a.single("divisibleby")) instanceof Number n && n.doubleValue() == 0);
    ALL.put("sameas", (r, v, a) -> isSame(r, v, a.single("sameas")));
    ALL.put("in", (r, v, a) -> new Comparisons(r).contains(a.single("in"), v));
    comparison("==", "==", "eq", "equalto");
    comparison("!=", "!=", "ne");
    comparison(">", ">", "gt", "greaterthan");
    comparison(">=", ">=", "ge");
    comparison("<", "<", "lt", "lessthan");
    comparison("<=", "<=", "le");
  }

  private Tests() {}

  private static void alone(String name, java.util.function.Predicate<Object> test) {
    ALL.put(
        name,
        (rendering, value, arguments) -> {
          arguments.bind(name);
          return test.test(value);
        });
  }

  private static boolean isLower(Rendering rendering, Object value, Arguments arguments) {
    arguments.bind("lower");
    return CharacterTests.isLower(Printer.str(rendering, value));
  }

  private static boolean isUpper(Rendering rendering, Object value, Arguments arguments) {
    arguments.bind("upper");
    return CharacterTests.isUpper(Printer.str(rendering, value));
  }

  private static void comparison(String operator, String... names) {
    for (String name : names) {
      ALL.put(
          name,
          (rendering, value, arguments) ->
              new Comparisons(rendering).holds(operator, value, arguments.single(name)));
    }
  }

  static Set<String> names() {
    return Collections.unmodifiableSet(ALL.keySet());
  }

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static boolean holds(Rendering rendering, String name, Object value, Arguments arguments) {
    Test test = ALL.get(name);
    if (test == null) {
      throw new TemplateException("No test named '" + name + "' found.");
    }
    rendering.step();
    rendering.read(value);
    arguments.payFor(rendering);
    return test.holds(rendering, value, arguments);
  }

  private static Object remainder(Rendering rendering, Object value, Object divisor) {
    return new Arithmetic(rendering).apply("%", value, divisor);
  }

  private static boolean isSequence(Object value) {
    return !(value instanceof DictView)
        && !(value instanceof LoopContext)
        && Values.lengthIfAny(value).isPresent();
  }

  private static boolean isCallable(Object value) {
    return value instanceof Invocable || value instanceof LoopContext || value instanceof Undefined;
  }

  /// Whether Python would hold one object for both: it keeps one for each small integer and for
  /// each text of a template; lists and dictionaries are distinguished by identity.
  private static boolean isSame(Rendering rendering, Object left, Object right) {
    boolean identified = left instanceof Dict || left instanceof Namespace || left instanceof Macro;
    return (identified || left instanceof List<?>)
        ? System.identityHashCode(left) == System.identityHashCode(right)
        : left.getClass() == right.getClass() && new Comparisons(rendering).equal(left, right);
  }
}
