package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// What Python calls white space, and string operations that count code points as Python does.
final class Strings {

  /// Short, because the work of a piece may grow with its square.
  private static final int UPPER_PIECE = 64;

  private Strings() {}

  /// Python's `str.isspace` for one character.
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || (c >= 0x1C && c <= 0x20)
        || c == 0x85
        || c == 0xA0
        || (c > 0xFF && Character.isSpaceChar(c));
  }

  static boolean isLineBreak(int c) {
    return (c >= 0x0A && c <= 0x0D)
        || (c >= 0x1C && c <= 0x1E)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static String stripEnd(String text) {
    return stripEnd(text, Strings::isSpace);
  }

  static String stripEnd(String text, IntPredicate strips) {
    int end = text.length();
    while (end > 0 && strips.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  static String stripStart(String text, IntPredicate strips) {
    int start = 0;
    while (start < text.length() && strips.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    return text.substring(start);
  }

  /// Number of code points.
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// Code points `from` inclusive to `to` exclusive.
  static String slice(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /// One string for each code point, made when it is asked for.
  static Iterator<Object> characters(String text) {
    return text.codePoints().mapToObj(c -> (Object) Character.toString(c)).iterator();
  }

  /// Python's `splitlines`.
  static List<String> lines(Rendering rendering, String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineBreak(text.charAt(i))) {
        int end = i;
        if (text.startsWith("\r\n", i)) {
          i++;
        }
        rendering.allocateItems(1);
        lines.add(text.substring(start, keepEnds ? i + 1 : end));
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /// First character in title case, the others in lower case.
  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.substring(0, first)) + lower(text.substring(first));
  }

  static String titleCase(String character) {
    int c = character.codePointAt(0);
    int title = Character.toTitleCase(c);
    // Characters such as ß have a title case of two letters, which only upper-casing knows.
    String upper = upper(character);
    return title == c && !upper.equals(character)
        ? upper.substring(0, 1) + lower(upper.substring(1))
        : Character.toString(title);
  }

  /// In upper case.
  ///
  /// Java copies all it has whenever a letter becomes two, as ß does, so long texts go in pieces.
  static String upper(String text) {
    StringBuilder upper = new StringBuilder(text.length());
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(start + UPPER_PIECE, text.length());
      if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
        end++;
      }
      upper.append(text.substring(start, end).toUpperCase(Locale.ROOT));
      start = end;
    }
    return upper.toString();
  }

  /// In lower case.
  ///
  /// Java copies all it has whenever a letter becomes two. Only İ does, and it is taken out first;
  /// pieces would hide from a sigma whether it ends its word.
  static String lower(String text) {
    return text.replace("\u0130", "i\u0307").toLowerCase(Locale.ROOT);
  }
}
