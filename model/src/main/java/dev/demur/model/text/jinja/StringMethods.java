package dev.demur.model.text.jinja;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The methods of Python's strings.
final class StringMethods {

  /// A method: the string it belongs to and the arguments give the result.
  private interface Method {
    Object call(Rendering rendering, String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS = new HashMap<>();

  private StringMethods() {}

  static {
    simple("upper", Strings::upper);
    simple("lower", Strings::lower);
    simple("casefold", t -> Strings.lower(Strings.upper(t)));
    simple("capitalize", Strings::capitalized);
    simple("title", StringMethods::title);
    simple("swapcase", StringMethods::swapCase);
    METHODS.put("strip", (r, t, a) -> strip(t, a, true, true));
    METHODS.put("lstrip", (r, t, a) -> strip(t, a, true, false));
    METHODS.put("rstrip", (r, t, a) -> strip(t, a, false, true));
    METHODS.put("startswith", (r, t, a) -> affix(t, a, true));
    METHODS.put("endswith", (r, t, a) -> affix(t, a, false));
    METHODS.put(
        "removeprefix", (r, t, a) -> removed(t, Values.text(a.single("removeprefix")), true));
    METHODS.put(
        "removesuffix", (r, t, a) -> removed(t, Values.text(a.single("removesuffix")), false));
    METHODS.put("replace", StringMethods::replace);
    METHODS.put("join", (r, t, a) -> join(r, t, a.single("join")));
    METHODS.put("split", (r, t, a) -> Splitting.split(r, t, a));
    METHODS.put("rsplit", (r, t, a) -> Splitting.splitFromEnd(r, t, a));
    METHODS.put("partition", (r, t, a) -> Splitting.partition(r, t, a, false));
    METHODS.put("rpartition", (r, t, a) -> Splitting.partition(r, t, a, true));
    METHODS.put("splitlines", (r, t, a) -> Splitting.lines(r, t, a));
    METHODS.put("find", (r, t, a) -> find(r, t, a, false, false));
    METHODS.put("rfind", (r, t, a) -> find(r, t, a, true, false));
    METHODS.put("index", (r, t, a) -> find(r, t, a, false, true));
    METHODS.put("rindex", (r, t, a) -> find(r, t, a, true, true));
    METHODS.put("count", StringMethods::count);
    METHODS.put("center", (r, t, a) -> padded(r, t, a, '^'));
    METHODS.put("ljust", (r, t, a) -> padded(r, t, a, '<'));
    METHODS.put("rjust", (r, t, a) -> padded(r, t, a, '>'));
    METHODS.put("zfill", StringMethods::zeroFilled);
    METHODS.put("expandtabs", StringMethods::expandTabs);
    METHODS.put("format", (r, t, a) -> BraceFormat.format(r, t, a));
    METHODS.put("format_map", (r, t, a) -> BraceFormat.formatMap(r, t, a));
    CharacterTests.ALL.forEach(
        (name, test) ->
            METHODS.put(
                name,
                (r, t, a) -> {
                  a.bind(name);
                  return test.test(t);
                }));
  }

  static Set<String> names() {
    return Collections.unmodifiableSet(METHODS.keySet());
  }

  private static void simple(String name, java.util.function.UnaryOperator<String> change) {
    METHODS.put(
        name,
        (rendering, text, arguments) -> {
          arguments.bind(name);
          rendering.allocate(text.length());
          // A character at a time, each in a string of its own.
          rendering.steps(text.length() >> 2);
          return change.apply(text);
        });
  }

  /// The method of a string, if there is one of that name.
  static Optional<Invocable> of(String text, String name) {
    return Optional.ofNullable(METHODS.get(name))
        .map(
            method ->
                (rendering, arguments) -> {
                  rendering.read(text);
                  return method.call(rendering, text, arguments);
                });
  }

  private static String strip(String text, Arguments arguments, boolean start, boolean end) {
    Optional<String> characters = arguments.bind("strip", "chars").text("chars");
    java.util.function.IntPredicate strips =
        characters
            .<java.util.function.IntPredicate>map(set -> c -> set.indexOf(c) >= 0)
            .orElse(Strings::isSpace);
    String left = start ? Strings.stripStart(text, strips) : text;
    return end ? Strings.stripEnd(left, strips) : left;
  }

  private static Object affix(String text, Arguments arguments, boolean start) {
    Arguments.Bound bound =
        arguments.bind(start ? "startswith" : "endswith", "prefix", "start", "end");
    Optional<String> part = part(text, bound);
    List<Object> wanted =
        bound.required("prefix") instanceof Tuple tuple
            ? tuple.items()
            : List.of(bound.required("prefix"));
    for (Object affix : wanted) {
      if (!Values.isText(affix)) {
        throw TemplateException.wrongType(
            (start ? "startswith" : "endswith")
                + " first arg must be str or a tuple of str, not "
                + Values.typeName(affix));
      }
      String a = Values.text(affix);
      if (part.filter(p -> start ? p.startsWith(a) : p.endsWith(a)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// The part between `start` and `end`, or nothing if `start` lies behind the text.
  private static Optional<String> part(String text, Arguments.Bound bound) {
    int length = Strings.length(text);
    long start = bound.get("start", None.NONE) == None.NONE ? 0 : bound.integer("start", 0);
    long end = bound.get("end", None.NONE) == None.NONE ? length : bound.integer("end", 0);
    int from = Math.clamp(start < 0 ? Math.max(0, start + length) : start, 0, length + 1);
    int to = Math.clamp(end < 0 ? end + length : end, 0, length);
    return from > to ? Optional.empty() : Optional.of(Strings.slice(text, from, to));
  }

  private static String removed(String text, String affix, boolean start) {
    if (affix.isEmpty() || !(start ? text.startsWith(affix) : text.endsWith(affix))) {
      return text;
    }
    return start
        ? text.substring(affix.length())
        : text.substring(0, text.length() - affix.length());
  }

  private static Object replace(Rendering rendering, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    return replaced(
        rendering,
        text,
        Values.text(bound.required("old")),
        Values.text(bound.required("new")),
        bound.integer("count", -1));
  }

  /// `text.replace(old, new, count)`; a negative count means all.
  static String replaced(Rendering rendering, String text, String old, String by, long count) {
    rendering.search(text, old);
    long left = count < 0 ? Long.MAX_VALUE : count;
    StringBuilder result = new StringBuilder();
    int done = 0;
    int at = old.isEmpty() ? 0 : text.indexOf(old);
    while (at >= 0 && left-- > 0) {
      rendering.allocate(by.length() + 1L);
      result.append(text, done, at).append(by);
      done = at + old.length();
      if (old.isEmpty() && at == text.length()) {
        break;
      }
      at = old.isEmpty() ? text.offsetByCodePoints(at, 1) : text.indexOf(old, done);
    }
    rendering.allocate(text.length());
    return result.append(text, done, text.length()).toString();
  }

  private static Object join(Rendering rendering, String separator, Object values) {
    Output output = new Output(rendering);
    String between = "";
    int index = 0;
    for (Object value : Values.list(rendering, values)) {
      if (!Values.isText(value)) {
        throw TemplateException.wrongType(
            String.format(
                Locale.ROOT,
                "sequence item %d: expected str instance, %s found",
                index,
                Values.typeName(value)));
      }
      output.write(between);
      output.write(Values.text(value));
      between = separator;
      index++;
    }
    return output.text();
  }

  private static Object find(
      Rendering rendering, String text, Arguments arguments, boolean last, boolean required) {
    Arguments.Bound bound = arguments.bind("find", "sub", "start", "end");
    String wanted = Values.text(bound.required("sub"));
    rendering.search(text, wanted);
    Optional<String> part = part(text, bound);
    int at = part.map(p -> last ? p.lastIndexOf(wanted) : p.indexOf(wanted)).orElse(-1);
    if (at < 0) {
      if (required) {
        throw TemplateException.wrongValue("substring not found");
      }
      return -1L;
    }
    long start = bound.get("start", None.NONE) == None.NONE ? 0 : bound.integer("start", 0);
    long from = start < 0 ? Math.max(0, start + Strings.length(text)) : start;
    return from + Strings.length(part.orElse("").substring(0, at));
  }

  private static Object count(Rendering rendering, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    String wanted = Values.text(bound.required("sub"));
    Optional<String> part = part(text, bound);
    if (part.isEmpty()) {
      return 0L;
    }
    rendering.search(text, wanted);
    if (wanted.isEmpty()) {
      return Strings.length(part.get()) + 1L;
    }
    long count = 0;
    for (int at = part.get().indexOf(wanted);
        at >= 0;
        at = part.get().indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  private static Object padded(Rendering rendering, String text, Arguments arguments, char align) {
    Arguments.Bound bound = arguments.bind("center", "width", "fillchar");
    bound.required("width");
    String fill = Values.text(bound.get("fillchar", " "));
    if (Strings.length(fill) != 1) {
      throw TemplateException.wrongType("The fill character must be exactly one character long");
    }
    return padded(rendering, text, bound.integer("width", 0), fill, align);
  }

  /// Text with fill characters to a width: `<` after it, `>` before it, `^` on both sides.
  static String padded(Rendering rendering, String text, long width, String fill, char align) {
    long missing = width - Strings.length(text);
    if (missing <= 0) {
      return text;
    }
    rendering.allocate(missing * fill.length() + text.length());
    int left =
        switch (align) {
          case '<' -> 0;
          case '>' -> (int) missing;
          // The odd character goes where CPython puts it.
          default -> (int) (missing / 2 + (missing & width & 1));
        };
    return fill.repeat(left) + text + fill.repeat((int) missing - left);
  }

  private static Object zeroFilled(Rendering rendering, String text, Arguments arguments) {
    long width = Numbers.index(arguments.single("zfill"));
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String sign = signed ? text.substring(0, 1) : "";
    return sign + padded(rendering, text.substring(sign.length()), width - sign.length(), "0", '>');
  }

  private static Object expandTabs(Rendering rendering, String text, Arguments arguments) {
    int size =
        Math.clamp(arguments.bind("expandtabs", "tabsize").integer("tabsize", 8), 0, 1 << 12);
    Output output = new Output(rendering);
    int column = 0;
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int spaces = size == 0 ? 0 : size - column % size;
        rendering.step();
        output.write(text.substring(done, i) + " ".repeat(spaces));
        done = i + 1;
        column += spaces;
      } else if (!Character.isLowSurrogate(c)) {
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    output.write(text.substring(done));
    return output.text();
  }

  private static String title(String text) {
    StringBuilder result = new StringBuilder();
    boolean inWord = false;
    for (int character : text.codePoints().toArray()) {
      String c = Character.toString(character);
      result.append(inWord ? Strings.lower(c) : Strings.titleCase(c));
      inWord = CharacterTests.isCased(character);
    }
    return result.toString();
  }

  private static String swapCase(String text) {
    StringBuilder swapped = new StringBuilder();
    for (int character : text.codePoints().toArray()) {
      String c = Character.toString(character);
      swapped.append(Character.isUpperCase(character) ? Strings.lower(c) : Strings.upper(c));
    }
    return swapped.toString();
  }
}
