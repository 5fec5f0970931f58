package dev.demur.model.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The `wordwrap` filter: Python's `textwrap.wrap` on each line.
final class WordWrap {

  private static final String SPACE = "[\\t\\n\\x0B\\f\\r ]";
  private static final String WORD_CHARACTER = "[\\w!\"'&.,?]";

  /// Pieces a line may be broken between: white space, words cut after hyphens, em dashes.
  private static final Pattern PIECES =
      Pattern.compile(
          "%1$s++|(?<=%2$s)-{2,}+(?=\\w)|(?:(?!%1$s).)+?(?:-(?:(?<=[^\\d\\W]{2}-)|(?<=[^\\d\\W]-[^\\d\\W]-))(?=[^\\d\\W]-?[^\\d\\W])|(?=%1$s|\\z)|(?<=%2$s)(?=-{2,}\\w))"
              .formatted(SPACE, WORD_CHARACTER),
          Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);

  private final int width;
  private final boolean breaksWords;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();

  /// Code points in the line.
  private int filled;

  private WordWrap(int width, boolean breaksWords) {
    this.width = width;
    this.breaksWords = breaksWords;
  }

  static Object filter(Rendering rendering, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("wordwrap", "width", "break_long_words", "wrapstring", "break_on_hyphens");
    int width = Math.clamp(bound.integer("width", 79), 0, Rendering.MAX_TEXT);
    if (width == 0) {
      throw TemplateException.wrongValue("invalid width 0 (must be > 0)");
    }
    String separator = bound.text("wrapstring").orElse("\n");
    boolean hyphens = Values.truth(bound.get("break_on_hyphens", true));
    boolean breaks = Values.truth(bound.get("break_long_words", true));
    String text = Values.text(value);
    rendering.steps(text.length());
    List<String> wrapped = new ArrayList<>();
    for (String paragraph : Strings.lines(rendering, text, false)) {
      List<String> lines = new WordWrap(width, breaks).wrap(pieces(paragraph, hyphens));
      wrapped.addAll(lines.isEmpty() ? List.of("") : lines);
    }
    rendering.allocate(text.length() + (long) separator.length() * wrapped.size());
    return String.join(separator, wrapped);
  }

  private static List<String> pieces(String text, boolean hyphens) {
    Pattern pattern =
        hyphens
            ? PIECES
            : Pattern.compile("%1$s++|(?:(?!%1$s).)++".formatted(SPACE), Pattern.DOTALL);
    return pattern.matcher(text).results().map(java.util.regex.MatchResult::group).toList();
  }

  private List<String> wrap(List<String> pieces) {
    for (String piece : pieces) {
      boolean space = piece.isBlank();
      if (space && line.isEmpty() && !lines.isEmpty()) {
        continue;
      }
      if (filled + Strings.length(piece) > width) {
        tooLong(piece, space);
      } else {
        append(piece);
      }
    }
    endLine();
    return lines;
  }

  private void tooLong(String piece, boolean space) {
    String rest = piece;
    if (Strings.length(piece) > width && !space && breaksWords) {
      int left = Strings.length(piece);
      int room = Math.max(1, width - filled);
      int done = piece.offsetByCodePoints(0, room);
      append(piece.substring(0, done));
      endLine();
      for (left -= room; left > width; left -= width) {
        int end = piece.offsetByCodePoints(done, width);
        lines.add(piece.substring(done, end));
        done = end;
      }
      rest = piece.substring(done);
    } else {
      endLine();
    }
    if (!space) {
      append(rest);
    }
  }

  private void append(String text) {
    line.append(text);
    filled += Strings.length(text);
  }

  private void endLine() {
    String text = Strings.stripEnd(line.toString());
    if (!text.isEmpty()) {
      lines.add(text);
    }
    line.setLength(0);
    filled = 0;
  }
}
