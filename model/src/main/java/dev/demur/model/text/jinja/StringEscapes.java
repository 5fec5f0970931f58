package dev.demur.model.text.jinja;

import java.util.Locale;
import java.util.Map;

/// Backslash escapes in string literals, as Python's `unicode-escape` codec reads them.
final class StringEscapes {

  private static final Map<Character, String> SIMPLE =
      Map.ofEntries(
          Map.entry('n', "\n"),
          Map.entry('t', "\t"),
          Map.entry('r', "\r"),
          Map.entry('a', "\u0007"),
          Map.entry('b', "\b"),
          Map.entry('f', "\f"),
          Map.entry('v', "\u000B"),
          Map.entry('\\', "\\"),
          Map.entry('\'', "'"),
          Map.entry('"', "\""),
          Map.entry('\n', ""));

  private final String source;
  private final int line;
  private final StringBuilder text = new StringBuilder();
  private int position;

  private StringEscapes(String source, int line) {
    this.source = source;
    this.line = line;
  }

  static String decode(String literal, int line) {
    return literal.indexOf('\\') < 0 ? literal : new StringEscapes(literal, line).decode();
  }

  private String decode() {
    while (position < source.length()) {
      char c = source.charAt(position++);
      if (c == '\\' && position < source.length()) {
        escape(source.charAt(position));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private void escape(char kind) {
    String simple = SIMPLE.get(kind);
    if (simple != null) {
      position++;
      text.append(simple);
      return;
    }
    switch (kind) {
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 'N' -> named();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
      default -> unknown();
    }
  }

  private void hex(int digits) {
    int start = position + 1;
    int end = start + digits;
    if (end > source.length()
        || !source.substring(start, end).chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new TemplateException(line, "truncated \\" + source.charAt(position) + " escape");
    }
    append(Long.parseLong(source.substring(start, end), 16));
    position = end;
  }

  private void append(long codePoint) {
    if (codePoint > Character.MAX_CODE_POINT) {
      throw new TemplateException(line, "illegal Unicode character");
    }
    text.appendCodePoint((int) codePoint);
  }

  private void named() {
    int end = source.indexOf('}', position);
    if (!source.startsWith("N{", position) || end < 0) {
      throw new TemplateException(line, "malformed \\N character escape");
    }
    try {
      text.appendCodePoint(Character.codePointOf(source.substring(position + 2, end)));
    } catch (IllegalArgumentException e) {
      throw new TemplateException(line, "unknown Unicode character name");
    }
    position = end + 1;
  }

  private void octal() {
    int value = 0;
    for (int digits = 0; digits < 3 && position < source.length(); digits++) {
      int digit = Character.digit(source.charAt(position), 8);
      if (digit < 0) {
        break;
      }
      value = value * 8 + digit;
      position++;
    }
    text.appendCodePoint(value);
  }

  /// A backslash that means nothing stays. The codec sees a character beyond ASCII as an escape of
  /// its own, so a backslash before one swallows that escape's backslash.
  private void unknown() {
    text.append('\\');
    int next = source.codePointAt(position);
    if (next > 0x7F) {
      text.append(
          next > 0xFFFF
              ? String.format(Locale.ROOT, "U%08x", next)
              : next > 0xFF
                  ? String.format(Locale.ROOT, "u%04x", next)
                  : String.format(Locale.ROOT, "x%02x", next));
      position += Character.charCount(next);
    }
  }
}
