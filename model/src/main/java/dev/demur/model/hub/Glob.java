package dev.demur.model.hub;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// File name patterns as Python's `fnmatch` reads them.
final class Glob {

  private Glob() {}

  /// The pattern as a regular expression.
  ///
  /// @throws IllegalArgumentException if it cannot be one
  static Pattern pattern(String glob) {
    String whole = glob.endsWith("/") ? glob + "*" : glob;
    var regex = new StringBuilder();
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      int close = c == '[' ? whole.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        regex.append(set(whole.substring(i + 1, close)));
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("\"" + glob + "\" is not a file name pattern", e);
    }
  }

  private static String set(String inside) {
    boolean not = inside.startsWith("!");
    String characters =
        (not ? inside.substring(1) : inside).replaceAll("([\\\\\\[\\]^&])", "\\\\$1");
    return "[" + (not ? "^" : "") + characters + "]";
  }
}
