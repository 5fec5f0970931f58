package dev.demur.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A terminal of 80 columns with somebody at it, by `script` of util-linux.
final class Pty implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// Columns, cursor keys and modes, as a terminal takes them.
  private static final String CONTROL = "\u001b\\[[0-9;?]*[a-zA-Z]|\u001b[=>]|\u0007";

  private final Process process;
  private final StringBuilder seen = new StringBuilder();
  private int read;

  private Pty(Process process) {
    this.process = process;
  }

  /// Starts the command line in a terminal.
  static Pty demur(Path folder, List<String> words) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-Ddemur.terminals=in,out,err", "-Dstdin.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(words);
    var quoted = command.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList();
    String shell = "stty cols 80 rows 24; exec " + String.join(" ", quoted);
    var builder = new ProcessBuilder("script", "-qec", shell, "/dev/null");
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("SHELL", "/bin/sh");
    var process = builder.start();
    var pty = new Pty(process);
    Thread.ofVirtual().start(() -> pty.watch(process.getInputStream()));
    return pty;
  }

  private void watch(InputStream in) {
    byte[] bytes = new byte[4096];
    try {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        synchronized (seen) {
          seen.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
          seen.notifyAll();
        }
      }
    } catch (IOException _) {
      // the terminal is closed
    }
  }

  /// Waits until something is shown that was not before, and types.
  void expect(String shown, String typed) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (seen) {
      String wanted =
          new String(shown.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      while (seen.indexOf(wanted, read) < 0) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new AssertionError("never saw \"" + shown + "\" in:\n" + transcript());
        }
        seen.wait(200);
      }
      read = seen.indexOf(wanted, read) + wanted.length();
    }
    process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /// Waits for the end.
  ///
  /// @return the exit code
  int end() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("no end:\n" + transcript());
    }
    return process.exitValue();
  }

  /// Everything shown, without control sequences; a line that was drawn anew is there each time.
  String transcript() {
    synchronized (seen) {
      return new String(
              seen.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
          .replaceAll(CONTROL, "")
          .replace("\r\n", "\n");
    }
  }

  /// The widest line that was drawn.
  int widest() {
    return transcript()
        .lines()
        .flatMap(line -> List.of(line.split("\r")).stream())
        .filter(line -> line.matches("(?s).*\\d %.*\\[.*"))
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
