package dev.demur.app;

import dev.demur.app.cli.Terminal;
import java.util.Locale;

/// Where the process begins.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // digits, dots and case do not depend on where one is
    var terminal = Terminal.ofProcess();
    // Logs and libraries print there.
    System.setOut(terminal.out());
    System.setErr(terminal.err());
    System.exit(Demur.run(terminal, args));
  }
}
