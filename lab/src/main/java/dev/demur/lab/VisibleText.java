package dev.demur.lab;

import java.util.Locale;

/// The one filter for text that leaves for a terminal, Markdown or CSV.
///
/// Model text, templates, configs, tokens and answers of peers may hold characters that a terminal
/// obeys instead of showing: colours, titles, moved cursors, text that runs backwards. They are
/// written as `\u001b`, which JSON reads back as the same character.
public final class VisibleText {

  private VisibleText() {}

  /// The text with control characters (C0, DEL, C1), bidirectional controls, line and paragraph
  /// separators and lone surrogates written out. Line feeds, tabs, and carriage returns right
  /// before a line feed stay.
  public static String of(String text) {
    int first = firstHidden(text);
    if (first == text.length()) {
      return text;
    }
    var out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHidden(text, i)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// The same on one line: line feeds are written out too.
  public static String line(String text) {
    return of(text).replace("\r\n", "\\u000d\\u000a").replace("\n", "\\u000a");
  }

  private static int firstHidden(String text) {
    int i = 0;
    while (i < text.length() && !isHidden(text, i)) {
      i++;
    }
    return i;
  }

  private static boolean isHidden(String text, int i) {
    char c = text.charAt(i);
    if (c < ' ') {
      boolean endsLine = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      return c != '\n' && c != '\t' && !endsLine;
    }
    if (c < 0x7f) {
      return false;
    }
    return c <= 0x9f || isDirection(c) || isLoneSurrogate(text, i);
  }

  /// Unicode's Bidi_Control, and the two separators that break lines in some terminals.
  private static boolean isDirection(char c) {
    return c == '\u061c'
        || c == '\u200e'
        || c == '\u200f'
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
