package dev.demur.model.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What Python asks of any value: its type's name, whether it is true, how long it is, what is in
/// it.
final class Values {

  /// Deeper nesting than anything a template builds on purpose; recursion stops there.
  static final int MAX_DEPTH = 200;

  private Values() {}

  /// The template's value for a Java one: null, booleans, numbers, strings, lists and maps of them.
  ///
  /// @throws IllegalArgumentException if the value is of another type or nested too deep
  static Object of(@org.jspecify.annotations.Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "template data is nested more than " + MAX_DEPTH + " deep");
    }
    return switch (value) {
      case null -> None.NONE;
      case None none -> none;
      case Boolean b -> b;
      case String text -> text;
      case Integer n -> (long) n;
      case Long n -> n;
      case Short n -> (long) n;
      case BigInteger n -> Numbers.of(n);
      case Double d -> d;
      case Float f -> (double) f;
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(of(item, depth + 1)));
        yield items;
      }
      case Map<?, ?> map -> {
        Dict dict = new Dict();
        map.forEach((key, item) -> dict.put(of(key, depth + 1), of(item, depth + 1)));
        yield dict;
      }
      default ->
          throw new IllegalArgumentException(
              "template data must be text, numbers, booleans, lists or maps, was "
                  + value.getClass().getName());
    };
  }

  static String typeName(Object value) {
    return switch (value) {
      case None none -> "NoneType";
      case Boolean b -> "bool";
      case Long n -> "int";
      case BigInteger n -> "int";
      case Double d -> "float";
      case String text -> "str";
      case Markup markup -> "Markup";
      case List<?> list -> "list";
      case Tuple tuple -> "tuple";
      case Dict dict -> "dict";
      case DictView view -> view.typeName();
      case Range range -> "range";
      case Generator generator -> "generator";
      case Namespace namespace -> "Namespace";
      case Undefined undefined -> "Undefined";
      case Macro macro -> "Macro";
      case LoopContext loop -> "LoopContext";
      case Invocable invocable -> "builtin_function_or_method";
      default -> value.getClass().getSimpleName();
    };
  }

  /// The type as messages about missing attributes spell it.
  static String typeWithPlace(Object value) {
    return switch (value) {
      case None none -> "None";
      case Namespace namespace -> "jinja2.utils.Namespace object";
      default -> typeName(value) + " object";
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case None none -> false;
      case Boolean b -> b;
      case Long n -> n != 0;
      case Double d -> d != 0;
      case Undefined undefined -> false;
      case String text -> !text.isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      default -> {
        OptionalInt length = lengthIfAny(value);
        yield length.isEmpty() || length.getAsInt() > 0;
      }
    };
  }

  static OptionalInt lengthIfAny(Object value) {
    return switch (value) {
      case String text -> OptionalInt.of(Strings.length(text));
      case Markup markup -> OptionalInt.of(Strings.length(markup.text()));
      case List<?> list -> OptionalInt.of(list.size());
      case Tuple tuple -> OptionalInt.of(tuple.items().size());
      case Dict dict -> OptionalInt.of(dict.size());
      case DictView view -> OptionalInt.of(view.dict().size());
      case Range range -> OptionalInt.of(range.size());
      case Undefined undefined -> OptionalInt.of(0);
      case LoopContext loop -> OptionalInt.of(loop.length());
      default -> OptionalInt.empty();
    };
  }

  /// What there is to look at in a value: the characters of a text, the items of a collection.
  static int extent(Object value) {
    return switch (value) {
      case String text -> text.length();
      case Markup markup -> markup.text().length();
      case List<?> list -> list.size();
      case Tuple tuple -> tuple.items().size();
      case Dict dict -> dict.size();
      case DictView view -> view.dict().size();
      case BigInteger n -> n.bitLength();
      default -> 1;
    };
  }

  static int length(Object value) {
    return lengthIfAny(value)
        .orElseThrow(
            () ->
                TemplateException.wrongType(
                    "object of type '" + typeName(value) + "' has no len()"));
  }

  /// Walks through a value; empty if it is not a collection.
  static Optional<Iterator<Object>> iteratorIfAny(Object value) {
    return switch (value) {
      case Generator generator -> Optional.of(generator.values());
      case String text -> Optional.of(Strings.characters(text));
      case Markup markup -> Optional.of(Strings.characters(markup.text()));
      default -> listIfAny(value).map(List::iterator);
    };
  }

  static Iterator<Object> iterator(Object value) {
    return iteratorIfAny(value)
        .orElseThrow(
            () -> TemplateException.wrongType("'" + typeName(value) + "' object is not iterable"));
  }

  private static Optional<List<Object>> listIfAny(Object value) {
    return switch (value) {
      case List<?> list -> Optional.of(cast(list));
      case Tuple tuple -> Optional.of(tuple.items());
      case Dict dict -> Optional.of(dict.keys());
      case DictView view -> Optional.of(view.list());
      case Range range -> Optional.of(range.items());
      case Undefined undefined -> Optional.of(List.of());
      default -> Optional.empty();
    };
  }

  /// All values of a collection.
  static List<Object> list(Rendering rendering, Object value) {
    List<Object> values = new ArrayList<>();
    Iterator<Object> iterator = iterator(value);
    while (iterator.hasNext()) {
      rendering.step();
      values.add(iterator.next());
    }
    rendering.allocateItems(values.size());
    return values;
  }

  @SuppressWarnings("unchecked") // lists of this package hold any value
  static List<Object> cast(List<?> list) {
    return (List<Object>) list;
  }

  static boolean isText(Object value) {
    return value instanceof String || value instanceof Markup;
  }

  /// The characters of a string.
  ///
  /// @throws TemplateException if the value is none
  static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      default ->
          throw TemplateException.wrongType("expected str instance, " + typeName(value) + " found");
    };
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }
}
