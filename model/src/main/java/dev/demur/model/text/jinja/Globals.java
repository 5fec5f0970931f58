package dev.demur.model.text.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The functions every template can call: jinja2's own and the two of transformers.
final class Globals {

  /// A value with attributes of its own.
  interface Attributed {
    Optional<Object> attribute(String name);
  }

  private Globals() {}

  static Map<String, Object> all() {
    return Map.of(
        "range", (Invocable) Globals::range,
        "dict", new DictFunction(),
        "namespace", (Invocable) Globals::namespace,
        "cycler", (Invocable) (_, arguments) -> new Cycler(arguments.positional()),
        "joiner",
            (Invocable)
                (_, arguments) ->
                    new Joiner(Values.text(arguments.bind("joiner", "sep").get("sep", ", "))),
        "lipsum", (Invocable) Globals::loremIpsum,
        "raise_exception", (Invocable) Globals::raise,
        "strftime_now", (Invocable) Globals::now);
  }

  private static Object range(Rendering rendering, Arguments arguments) {
    List<Object> limits = arguments.positional();
    if (limits.isEmpty() || limits.size() > 3 || !arguments.named().isEmpty()) {
      throw TemplateException.wrongType("range expected 1 to 3 arguments, got " + limits.size());
    }
    long first = Numbers.index(limits.getFirst());
    return limits.size() == 1
        ? Range.limited(0, first, 1)
        : Range.limited(
            first,
            Numbers.index(limits.get(1)),
            limits.size() == 3 ? Numbers.index(limits.get(2)) : 1);
  }

  private static Object raise(Rendering rendering, Arguments arguments) {
    throw new TemplateException(
        "template says: "
            + Printer.str(
                rendering, arguments.bind("raise_exception", "message").required("message")));
  }

  private static Object loremIpsum(Rendering rendering, Arguments arguments) {
    throw new TemplateException("lipsum() is not supported: output must be repeatable");
  }

  private static Object now(Rendering rendering, Arguments arguments) {
    String format = Values.text(arguments.bind("strftime_now", "format").required("format"));
    return DateFormat.format(rendering, format, LocalDateTime.now(rendering.clock()));
  }

  private static Object namespace(Rendering rendering, Arguments arguments) {
    Namespace namespace = new Namespace();
    Dict values = dict(rendering, arguments);
    values.items().forEach(item -> set(namespace, (Tuple) item));
    return namespace;
  }

  private static void set(Namespace namespace, Tuple item) {
    namespace.set(item.items().get(0), item.items().get(1));
  }

  /// `dict(…)`: of another dictionary or of pairs, and keywords.
  private static Dict dict(Rendering rendering, Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw TemplateException.wrongType(
          "dict expected at most 1 argument, got " + arguments.positional().size());
    }
    Dict dict = new Dict();
    for (Object source : arguments.positional()) {
      if (source instanceof Undefined undefined) {
        throw undefined.failure();
      }
      if (source instanceof Dict other) {
        rendering.allocateItems(4L * other.size());
        dict.putAll(other);
      } else {
        for (Object pair : Values.list(rendering, source)) {
          List<Object> both = Values.list(rendering, pair);
          if (both.size() != 2) {
            throw TemplateException.wrongValue(
                "dictionary update sequence element has length " + both.size() + "; 2 is required");
          }
          dict.put(both.get(0), both.get(1));
        }
      }
    }
    arguments.named().forEach(dict::put);
    return dict;
  }

  static Object fromKeys(Rendering rendering, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("fromkeys", "iterable", "value");
    Dict dict = new Dict();
    for (Object key : Values.list(rendering, bound.required("iterable"))) {
      dict.put(key, bound.get("value", None.NONE));
    }
    return dict;
  }

  private static final class DictFunction implements Invocable, Attributed {

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
      return dict(rendering, arguments);
    }

    @Override
    public Optional<Object> attribute(String name) {
      return name.equals("fromkeys")
          ? Optional.of((Invocable) Globals::fromKeys)
          : Optional.empty();
    }
  }

  /// Goes round its values, one with each call of `next()`.
  private static final class Cycler implements Attributed {

    private final List<Object> items;
    private int position;

    Cycler(List<Object> items) {
      if (items.isEmpty()) {
        throw new TemplateException("RuntimeError: at least one item has to be provided");
      }
      this.items = items;
    }

    @Override
    public Optional<Object> attribute(String name) {
      return switch (name) {
        case "current" -> Optional.of(items.get(position));
        case "next" -> Optional.of((Invocable) (_, _) -> next());
        case "reset" -> Optional.of((Invocable) (_, _) -> reset());
        default -> Optional.empty();
      };
    }

    private Object next() {
      Object value = items.get(position);
      position = (position + 1) % items.size();
      return value;
    }

    private Object reset() {
      position = 0;
      return None.NONE;
    }
  }

  /// Gives nothing at the first call and the separator at all others.
  private static final class Joiner implements Invocable {

    private final String separator;
    private boolean used;

    Joiner(String separator) {
      this.separator = separator;
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
      arguments.bind("joiner");
      String result = used ? separator : "";
      used = true;
      return result;
    }
  }
}
