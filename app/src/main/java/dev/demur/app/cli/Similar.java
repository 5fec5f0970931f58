package dev.demur.app.cli;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What somebody may have meant who typed a word that is no command and no option.
public final class Similar {

  private Similar() {}

  /// `"stdy" is no command`, where a command had to follow.
  public static Optional<String> unknownCommand(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
            && !unmatched.isUnknownOption()
            && !e.getCommandLine().getSubcommands().isEmpty()
        ? Optional.of("\"" + unmatched.getUnmatched().getFirst() + "\" is no command")
        : Optional.empty();
  }

  /// `; did you mean study?`, or nothing where nothing is near.
  public static String suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    String word = unmatched.getUnmatched().getFirst();
    String typed = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    return nearest(typed, e.getCommandLine()).map(m -> "; did you mean " + m + "?").orElse("");
  }

  private static Optional<String> nearest(String typed, CommandLine command) {
    var known =
        typed.startsWith("-")
            ? command.getCommandSpec().optionsMap().keySet().stream()
            : command.getSubcommands().keySet().stream();
    return nearest(typed, known);
  }

  /// The nearest, if at most a third of its letters differ.
  public static Optional<String> nearest(String typed, Stream<String> known) {
    return known
        .filter(word -> 3 * distance(typed, word) <= word.length())
        .min(Comparator.comparingInt((String word) -> distance(typed, word)));
  }

  /// Letters to insert, delete, replace or swap with the next (Damerau, optimal string alignment).
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + other, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
