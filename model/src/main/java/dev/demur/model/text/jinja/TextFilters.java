package dev.demur.model.text.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Filters that make text. Most take any value and use what it prints as.
final class TextFilters {

  private static final Pattern WORD = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern INVALID_IN_NAME = Pattern.compile("[\\s/>=]");
  private static final String UNQUOTED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

  private static final String[] HEX =
      IntStream.range(0, 256).mapToObj("%%%02X"::formatted).toArray(String[]::new);

  private static final int PRETTY_WIDTH = 80;

  static final Map<String, Filters.Filter> ALL = new HashMap<>();

  static {
    method("upper");
    method("lower");
    method("capitalize");
    ALL.put("title", (r, v, a) -> title(r, Printer.str(r, v), a));
    ALL.put("trim", (r, v, a) -> onText(r, "strip", v, a));
    ALL.put("replace", TextFilters::replace);
    ALL.put("center", TextFilters::center);
    ALL.put("indent", TextFilters::indent);
    ALL.put("truncate", TextFilters::truncate);
    ALL.put("wordwrap", WordWrap::filter);
    ALL.put("wordcount", (r, v, a) -> wordCount(r, Printer.str(r, v)));
    ALL.put("format", TextFilters::format);
    ALL.put("string", (r, v, a) -> v instanceof Markup ? v : Printer.str(r, v));
    ALL.put("safe", (r, v, a) -> new Markup(Printer.str(r, v)));
    ALL.put("escape", (r, v, a) -> Markup.escaped(r, v));
    ALL.put("e", (r, v, a) -> Markup.escaped(r, v));
    ALL.put("forceescape", (r, v, a) -> Markup.escaped(r, Printer.str(r, v)));
    ALL.put("striptags", (r, v, a) -> stripTags(r, Printer.str(r, v)));
    ALL.put("urlencode", TextFilters::urlEncode);
    ALL.put("xmlattr", TextFilters::xmlAttributes);
    ALL.put("pprint", (r, v, a) -> prettyPrinted(r, v));
  }

  private TextFilters() {}

  /// Like `repr` with sorted keys, as far as that fits on a line; where Python would begin to break
  /// lines we say so.
  private static String prettyPrinted(Rendering rendering, Object value) {
    if (Values.extent(value) > PRETTY_WIDTH) {
      throw tooLongToPrettyPrint();
    }
    String line = Printer.sortedRepr(rendering, value);
    if (line.length() > PRETTY_WIDTH) {
      throw tooLongToPrettyPrint();
    }
    return line;
  }

  private static TemplateException tooLongToPrettyPrint() {
    return new TemplateException("the pprint filter is not supported for long values");
  }

  private static void method(String name) {
    ALL.put(name, (rendering, value, arguments) -> onText(rendering, name, value, arguments));
  }

  private static Object onText(
      Rendering rendering, String method, Object value, Arguments arguments) {
    return StringMethods.of(Printer.str(rendering, value), method)
        .orElseThrow(() -> new IllegalStateException(method))
        .call(rendering, arguments);
  }

  /// Words begin after white space, hyphens and opening brackets.
  private static String title(Rendering rendering, String text, Arguments arguments) {
    arguments.bind("title");
    rendering.allocate(text.length());
    rendering.steps(text.length() >> 2);
    StringBuilder result = new StringBuilder();
    boolean start = true;
    boolean first = true;
    for (int character : text.codePoints().toArray()) {
      String c = Character.toString(character);
      boolean separator = Strings.isSpace(character) || "-({[<".contains(c);
      if (separator != start || first) {
        // A run of separators is a piece of its own, of which the first character is raised too.
        result.append(Strings.upper(c));
      } else {
        result.append(Strings.lower(c));
      }
      start = separator;
      first = false;
    }
    return result.toString();
  }

  private static long wordCount(Rendering rendering, String text) {
    rendering.steps(text.length() >> 3);
    return WORD.matcher(text).results().count();
  }

  private static Object replace(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    long count = bound.get("count", None.NONE) == None.NONE ? -1 : bound.integer("count", -1);
    return StringMethods.replaced(
        rendering,
        Printer.str(rendering, value),
        Printer.str(rendering, bound.required("old")),
        Printer.str(rendering, bound.required("new")),
        count);
  }

  private static Object center(Rendering rendering, Object value, Arguments arguments) {
    long width = arguments.bind("center", "width").integer("width", 80);
    return StringMethods.padded(rendering, Printer.str(rendering, value), width, " ", '^');
  }

  private static Object indent(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Object width = bound.get("width", 4L);
    String indention = Values.isText(width) ? Values.text(width) : blanks(rendering, width);
    List<String> lines = Strings.lines(rendering, Values.text(value) + "\n", false);
    Output output = new Output(rendering);
    for (int i = 0; i < lines.size(); i++) {
      boolean blank = lines.get(i).isEmpty() && !bound.flag("blank");
      boolean indents = i == 0 ? bound.flag("first") : !blank;
      output.write((i == 0 ? "" : "\n") + (indents ? indention : "") + lines.get(i));
    }
    return output.text();
  }

  /// As many blanks as `width` says.
  static String blanks(Rendering rendering, Object width) {
    long count = Math.max(0, Numbers.index(width));
    rendering.allocate(count);
    return " ".repeat((int) count);
  }

  private static Object truncate(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    String end = Values.text(bound.get("end", "..."));
    long length = bound.integer("length", 255);
    long leeway = bound.get("leeway", None.NONE) == None.NONE ? 5 : bound.integer("leeway", 5);
    long keep = length - Strings.length(end);
    if (keep < 0 || leeway < 0) {
      throw new TemplateException(
          "AssertionError: expected length >= " + Strings.length(end) + ", got " + length);
    }
    if (Values.length(value) <= length + leeway) {
      return value;
    }
    String text = Values.text(value);
    String cut = Strings.slice(text, 0, (int) keep);
    int space = cut.lastIndexOf(' ');
    return (bound.flag("killwords") || space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static Object format(Rendering rendering, Object value, Arguments arguments) {
    if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
      throw new TemplateException(
          "FilterArgumentError: can't handle positional and keyword arguments at the same time");
    }
    Dict named = new Dict();
    arguments.named().forEach(named::put);
    return PercentFormat.format(
        rendering,
        Printer.str(rendering, value),
        named.size() > 0 ? named : Tuple.of(arguments.positional()));
  }

  /// Comments go first: a tag in one would otherwise end it early.
  ///
  /// Source: `Markup.striptags` of markupsafe 3.
  private static String stripTags(Rendering rendering, String text) {
    rendering.allocate(2L * text.length());
    String plain = without(without(text, "<!--", "-->"), "<", ">");
    StringBuilder single = new StringBuilder(plain.length());
    boolean space = false;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (Strings.isSpace(c)) {
        space = true;
      } else {
        single.append(space && !single.isEmpty() ? " " : "").append(c);
        space = false;
      }
    }
    return single
        .toString()
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }

  /// A text without what stands between two marks, and the marks.
  private static String without(String text, String open, String close) {
    StringBuilder rest = new StringBuilder(text.length());
    int done = 0;
    int start = text.indexOf(open);
    int end = start < 0 ? -1 : text.indexOf(close, start);
    while (end >= 0) {
      rest.append(text, done, start);
      done = end + close.length();
      start = text.indexOf(open, done);
      end = start < 0 ? -1 : text.indexOf(close, start);
    }
    return rest.append(text, done, text.length()).toString();
  }

  private static Object urlEncode(Rendering rendering, Object value, Arguments arguments) {
    arguments.bind("urlencode");
    if (Values.isText(value) || Values.iteratorIfAny(value).isEmpty()) {
      return quoted(rendering, Printer.str(rendering, value), false);
    }
    List<Object> pairs = value instanceof Dict dict ? dict.items() : Values.list(rendering, value);
    List<String> parts = new ArrayList<>();
    for (Object pair : pairs) {
      List<Object> both = Values.list(rendering, pair);
      if (both.size() != 2) {
        throw TemplateException.wrongValue("urlencode needs pairs");
      }
      parts.add(
          quoted(rendering, Printer.str(rendering, both.get(0)), true)
              + "="
              + quoted(rendering, Printer.str(rendering, both.get(1)), true));
    }
    return String.join("&", parts);
  }

  private static String quoted(Rendering rendering, String text, boolean inQuery) {
    StringBuilder result = new StringBuilder();
    rendering.steps(text.length() >> 2);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (UNQUOTED.indexOf(c) >= 0 || (c == '/' && !inQuery)) {
        result.append(c);
      } else {
        result.append(c == ' ' && inQuery ? "+" : HEX[c]);
      }
    }
    rendering.allocate(result.length());
    return result.toString();
  }

  private static Object xmlAttributes(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("xmlattr", "autospace");
    if (!(value instanceof Dict dict)) {
      throw TemplateException.wrongType("xmlattr needs a mapping, not " + Values.typeName(value));
    }
    Output result = new Output(rendering);
    for (Object key : dict.keys()) {
      Object item = dict.get(key).orElse(None.NONE);
      if (item == None.NONE || item instanceof Undefined) {
        continue;
      }
      rendering.read(key);
      Matcher invalid = INVALID_IN_NAME.matcher(Values.text(key));
      if (invalid.find()) {
        throw TemplateException.wrongValue(
            "Invalid character in attribute name: " + Printer.named(key));
      }
      result.write(result.isEmpty() ? "" : " ");
      result.write(Markup.escaped(rendering, key).text() + "=\"");
      result.write(Markup.escaped(rendering, item).text() + "\"");
    }
    boolean space = Values.truth(bound.get("autospace", true)) && !result.isEmpty();
    return Optional.of(result.text()).map(text -> space ? " " + text : text).get();
  }
}
