package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Python's ways to cut a string.
final class Splitting {

  private Splitting() {}

  static Object split(Rendering rendering, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    Optional<String> separator = separator(rendering, text, bound);
    long limit = limit(bound);
    List<Object> parts =
        separator
            .map(s -> forward(rendering, text, s, limit))
            .orElseGet(() -> words(rendering, text, limit));
    rendering.allocate(text.length());
    return parts;
  }

  static Object splitFromEnd(Rendering rendering, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    Optional<String> separator = separator(rendering, text, bound);
    long limit = limit(bound);
    List<Object> parts =
        separator
            .map(s -> backward(rendering, text, s, limit))
            .orElseGet(() -> wordsFromEnd(rendering, text, limit));
    rendering.allocate(text.length());
    return parts;
  }

  private static Optional<String> separator(
      Rendering rendering, String text, Arguments.Bound bound) {
    Optional<String> separator = bound.text("sep");
    separator.ifPresent(s -> rendering.search(text, s));
    if (separator.filter(String::isEmpty).isPresent()) {
      throw TemplateException.wrongValue("empty separator");
    }
    return separator;
  }

  private static long limit(Arguments.Bound bound) {
    long limit = bound.integer("maxsplit", -1);
    return limit < 0 ? Long.MAX_VALUE : limit;
  }

  private static List<Object> forward(
      Rendering rendering, String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int start = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && parts.size() < limit) {
      rendering.allocateItems(1);
      parts.add(text.substring(start, at));
      start = at + separator.length();
      at = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<Object> backward(
      Rendering rendering, String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    int at = text.lastIndexOf(separator, end - separator.length());
    while (at >= 0 && parts.size() < limit) {
      rendering.allocateItems(1);
      parts.add(text.substring(at + separator.length(), end));
      end = at;
      at = text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static List<Object> words(Rendering rendering, String text, long limit) {
    List<Object> words = new ArrayList<>();
    String rest = Strings.stripStart(text, Strings::isSpace);
    int start = 0;
    while (start < rest.length()) {
      if (words.size() == limit) {
        words.add(rest.substring(start));
        return words;
      }
      int end = start;
      while (end < rest.length() && !Strings.isSpace(rest.charAt(end))) {
        end++;
      }
      rendering.allocateItems(1);
      words.add(rest.substring(start, end));
      start = end;
      while (start < rest.length() && Strings.isSpace(rest.charAt(start))) {
        start++;
      }
    }
    return words;
  }

  private static List<Object> wordsFromEnd(Rendering rendering, String text, long limit) {
    List<Object> words = new ArrayList<>();
    int end = Strings.stripEnd(text).length();
    while (end > 0) {
      if (words.size() == limit) {
        words.add(text.substring(0, end));
        break;
      }
      int start = end;
      while (start > 0 && !Strings.isSpace(text.charAt(start - 1))) {
        start--;
      }
      rendering.allocateItems(1);
      words.add(text.substring(start, end));
      end = start;
      while (end > 0 && Strings.isSpace(text.charAt(end - 1))) {
        end--;
      }
    }
    Collections.reverse(words);
    return words;
  }

  static Object partition(Rendering rendering, String text, Arguments arguments, boolean last) {
    String separator = Values.text(arguments.single("partition"));
    if (separator.isEmpty()) {
      throw TemplateException.wrongValue("empty separator");
    }
    rendering.search(text, separator);
    rendering.allocate(text.length());
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  static Object lines(Rendering rendering, String text, Arguments arguments) {
    List<String> lines =
        Strings.lines(rendering, text, arguments.bind("splitlines", "keepends").flag("keepends"));
    rendering.allocate(text.length());
    return new ArrayList<Object>(lines);
  }
}
