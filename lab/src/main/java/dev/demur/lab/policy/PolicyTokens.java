package dev.demur.lab.policy;

import java.util.ArrayList;
import java.util.List;

/// A line of the policy language, cut into tokens.
final class PolicyTokens {

  /// No policy a person or a fitter writes is nearly this long.
  private static final int MAX_LENGTH = 1 << 16;

  /// What a message shows of a token.
  private static final int SHOWN = 40;

  enum Kind {
    /// A number, a word of the language, or a name without quotes.
    WORD,
    /// A name in quotes.
    QUOTED,
    /// `;`, `@`, `>`, `(` or `)`.
    SIGN,
    END
  }

  /// @param at its first character, from 1
  record Token(Kind kind, String text, int at) {

    boolean isSign(char sign) {
      return kind == Kind.SIGN && text.charAt(0) == sign;
    }

    boolean isWord(String word) {
      return kind == Kind.WORD && text.equals(word);
    }

    String shown() {
      String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      return kind == Kind.END ? "the end of the line" : "\"" + cut + "\"";
    }
  }

  private final String line;
  private int next;

  private PolicyTokens(String line) {
    this.line = line;
  }

  static List<Token> of(String line) {
    if (line.length() > MAX_LENGTH) {
      throw new PolicySyntaxException(
          MAX_LENGTH + 1,
          line.length() + " characters",
          "a line of at most " + MAX_LENGTH + " characters");
    }
    return new PolicyTokens(line).all();
  }

  private List<Token> all() {
    var tokens = new ArrayList<Token>();
    while (next < line.length()) {
      char c = line.charAt(next);
      int at = next + 1;
      if (Character.isWhitespace(c)) {
        next++;
      } else if (isSign(c)) {
        next++;
        tokens.add(new Token(Kind.SIGN, String.valueOf(c), at));
      } else if (c == '"') {
        tokens.add(new Token(Kind.QUOTED, quoted(), at));
      } else {
        tokens.add(new Token(Kind.WORD, word(), at));
      }
    }
    tokens.add(new Token(Kind.END, "", line.length() + 1));
    return tokens;
  }

  private static boolean isSign(char c) {
    return c == ';' || c == '@' || c == '>' || c == '(' || c == ')';
  }

  private String word() {
    int from = next;
    while (next < line.length()
        && !Character.isWhitespace(line.charAt(next))
        && !isSign(line.charAt(next))
        && line.charAt(next) != '"') {
      next++;
    }
    return line.substring(from, next);
  }

  private String quoted() {
    int from = next++;
    var text = new StringBuilder();
    while (next < line.length() && line.charAt(next) != '"') {
      if (line.charAt(next) == '\\' && next + 1 < line.length()) {
        next++;
      }
      text.append(line.charAt(next++));
    }
    if (next == line.length() || text.isEmpty()) {
      throw new PolicySyntaxException(
          from + 1, "a quote", "a name between two quotes, such as \"my direction\"");
    }
    next++;
    return text.toString();
  }
}
