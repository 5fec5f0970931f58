package dev.demur.app;

import dev.demur.app.cli.Terminal;
import java.util.List;
import java.util.Locale;

/// Where the process begins.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] args) {
    leaveMemoryToUs();
    Locale.setDefault(Locale.ROOT); // digits, dots and case do not depend on where one is
    var terminal = Terminal.ofProcess();
    // Logs and libraries print there.
    System.setOut(terminal.out());
    System.setErr(terminal.err());
    System.exit(Demur.run(terminal, args));
  }

  /// JavaCPP's own limit on the process's memory counts mapped weights as used, and weights lie
  /// outside the Java heap.
  static void leaveMemoryToUs() {
    for (String limit : List.of("maxbytes", "maxphysicalbytes")) {
      System.getProperties().putIfAbsent("org.bytedeco.javacpp." + limit, "0");
    }
  }
}
