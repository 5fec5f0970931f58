package dev.demur.app.cli;

import java.util.List;
import java.util.stream.Collectors;

/// The command as typed.
///
/// @param words what followed `demur`
public record Invocation(List<String> words) {

  public Invocation {
    words = List.copyOf(words);
  }

  public static Invocation of(String... args) {
    return new Invocation(List.of(args));
  }

  /// As a shell would take it back.
  public String text() {
    return "demur " + arguments();
  }

  /// The same without the program.
  public String arguments() {
    return words.stream().map(Invocation::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
