package dev.demur.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A process that runs one command after the other, in another environment than that of the tests.
public final class Session implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final BufferedReader answers;

  private Session(Process process) {
    this.process = process;
    this.answers = process.inputReader(UTF_8);
  }

  /// @param shell put before the process, for example `export HF_HUB_OFFLINE=1;`
  public static Session in(String shell) throws IOException {
    return new Session(Cli.start(Session.class, shell, List.of()));
  }

  /// Runs a command with nothing on standard input.
  public Cli.Outcome run(Object... args) throws IOException {
    var words = Stream.of(args).map(String::valueOf).toList();
    process.getOutputStream().write((JSON.writeValueAsString(words) + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
    var answer = Optional.ofNullable(answers.readLine());
    return JSON.readValue(answer.orElseThrow(this::ended), Cli.Outcome.class);
  }

  private AssertionError ended() {
    return new AssertionError(
        "the process ended: " + String.join("\n", process.errorReader(UTF_8).lines().toList()));
  }

  @Override
  public void close() {
    process.destroy();
  }

  /// Reads a command a line and writes what it left, a line each.
  public static void main(String[] args) throws IOException {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = JSON.readTree(line).valueStream().map(JsonNode::asString).toArray();
        System.out.println(JSON.writeValueAsString(Cli.run(words)));
      }
    }
  }
}
