package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// D10: what a stranger wrote does not steer the terminal. [Cli] holds the output of every command
/// in every test to the same law; here are the ways in.
class TerminalSafetyTest {

  /// Sets the window's title, turns text red, runs it backwards.
  private static final String EVIL = "\u001b]0;pwned\u0007\u009b31m\u202edlrow";

  /// As JSON files write it.
  private static final String JSON = "\\u001b]0;pwned\\u0007\\u009b31m\\u202edlrow";

  @TempDir Path folder;

  @Test
  void aTemplatesErrorIsShownWrittenOut() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    template(model, "{{ raise_exception('" + EVIL + "') }}");
    var outcome = Cli.run("chat", model, "-p", "hello");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertShown(outcome);
  }

  @Test
  void aTemplatesTextIsShownWrittenOut() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    template(model, "{% for m in messages %}{{ m['content'] }}{% endfor %}" + EVIL);
    var outcome = Cli.run("models", "info", model);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).doesNotContain("\u001b");
  }

  @Test
  void aConfigsWordIsShownWrittenOut() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"llama\"", "\"" + JSON + "\""));
    var outcome = Cli.run("models", "info", model);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertShown(outcome);
  }

  @Test
  void theModelsTextIsShownWrittenOut() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    Path tokenizer = model.resolve("tokenizer.json");
    // Every token reads as ESC.
    Files.writeString(
        tokenizer,
        Files.readString(tokenizer)
            .replaceAll(
                "\"decoder\":\\s*\\{[^}]*\\}",
                "\"decoder\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \".\"}, \"content\":"
                    + " \"\\\\u001b\"}"));
    var outcome = Cli.run("chat", model, "-p", "hello", "--max-new-tokens", 4);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\\u001b");
  }

  @Test
  void anArgumentIsShownWrittenOut() {
    assertShown(Cli.run("models", "info", folder.resolve(EVIL)));
    assertShown(Cli.run(EVIL));
  }

  @Test
  void anEndpointsErrorIsShownWrittenOut() throws IOException {
    assertEndpointShown(401, EVIL);
  }

  /// It was a "fault in Demur" too, exit 1.
  @Test
  void anEndpointsAnswerThatNoPatternReadsIsShownWrittenOut() throws IOException {
    assertEndpointShown(200, "{\"choices\": [{\"message\": {\"content\": \"" + JSON + "\"}}]}");
  }

  private void assertEndpointShown(int status, String answer) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      Path file = folder.resolve("completions.json");
      Files.writeString(file, "[{\"prompt\": \"Bake.\", \"response\": \"" + JSON + "\"}]");
      var outcome =
          Cli.run(
              "judge",
              file,
              "--judge",
              "refusal-prompt=http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
              "--endpoint-model",
              "judge",
              "--endpoint-cache",
              folder.resolve("answers"));
      assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertShown(outcome);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void logsAndLibrariesAreFilteredToo() throws Exception {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    template(model, "{{ raise_exception('" + EVIL + "') }}");
    var outcome = Cli.finish(Cli.start("", List.of(), "chat", model, "-p", "x", "--debug"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertShown(outcome);
    Cli.assertVisible(outcome.err());
  }

  private static void assertShown(Cli.Outcome outcome) {
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("\\u009b31m\\u202edlrow");
  }

  private static void template(Path model, String text) throws IOException {
    Files.writeString(model.resolve("chat_template.jinja"), text);
  }
}
