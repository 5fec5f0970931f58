package dev.demur.lab.benchmark;

import dev.demur.lab.LowerCase;

/// What Python's string methods do where Java's differ.
final class PythonText {

  private PythonText() {}

  /// `str.isspace` of one character: more than Java's white space (no-break spaces), as `strip` of
  /// Python takes it.
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /// `text.strip()`.
  static String strip(String text) {
    int from = 0;
    int to = withoutTrailingSpace(text);
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    return text.substring(from, to);
  }

  /// `len(text.rstrip())`.
  static int withoutTrailingSpace(String text) {
    int to = text.length();
    while (to > 0 && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return to;
  }

  /// `text.capitalize()`: the first letter large, all others small.
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int rest = Character.charCount(first);
    return Character.toString(Character.toTitleCase(first)) + LowerCase.of(text.substring(rest));
  }

  /// `len(text)`: code points.
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
