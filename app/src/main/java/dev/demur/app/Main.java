package dev.demur.app;

import dev.demur.app.cli.Terminal;

/// Where the process begins.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(Demur.run(Terminal.ofProcess(), args));
  }
}
