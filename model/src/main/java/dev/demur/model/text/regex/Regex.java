package dev.demur.model.text.regex;

/// A pattern of a tokenizer.
///
/// Known are characters and escapes, `.`, sets with ranges, `&&` and classes of Unicode, groups,
/// options `i` and `m`, alternatives, quantifiers (greedy, lazy, and possessive after a single
/// character), look ahead, look behind at one character, `^ $ \A \z \Z \b \B`. Refused are back
/// references, calls, conditions, atomic groups and all else. Among ways to match, the leftmost is
/// taken, and of those the one a backtracking engine would find first.
///
/// Immutable; safe for use by several threads.
public final class Regex {

  private final String source;
  private final Program program;

  /// Characters a match can begin with; all if it can begin without one.
  private final CodePoints beginnings;

  private Regex(String source, Program program) {
    this.source = source;
    this.program = program;
    this.beginnings = Beginnings.of(program);
  }

  /// Reads a pattern.
  ///
  /// @throws RegexException if it is not well formed, too large, or holds something not known
  public static Regex compile(String pattern) {
    return new Regex(pattern, Program.of(Parser.parse(pattern)));
  }

  /// Finds the matches in code points `from` inclusive to `to` exclusive, which are a text of their
  /// own.
  public Matcher matcher(int[] text, int from, int to, Work work) {
    return new Matcher(this, text, from, to, work);
  }

  Program program() {
    return program;
  }

  CodePoints beginnings() {
    return beginnings;
  }

  @Override
  public String toString() {
    return source;
  }
}
