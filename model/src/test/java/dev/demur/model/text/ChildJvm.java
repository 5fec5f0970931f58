package dev.demur.model.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a class in a process of its own, so that a test outlives what it tests.
final class ChildJvm {

  private ChildJvm() {}

  /// How a process ended.
  ///
  /// @param code 0 for success; a process that a signal ended has 128 and the signal's number
  /// @param output what it printed, errors included
  record Outcome(int code, String output) {}

  /// Runs a main class in that much heap.
  static Outcome run(Class<?> main, String heap, long minutes, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx" + heap));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("no end after " + minutes + " minutes: " + output);
    }
    return new Outcome(process.exitValue(), output);
  }
}
