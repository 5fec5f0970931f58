package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.kit.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `demur models pull|list|path|verify` as a person types them, against a hub on this machine.
@Order(1) // the slowest begin first
class ModelsHubTest {

  private static final String CHECKPOINT = "llama-gqa-tied";

  private static final long SIGINT_BIT = 1 << 1; // signal 2

  @TempDir Path folder;

  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    hub.checkpoint(Cli.checkpoint(CHECKPOINT));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aPulledModelIsListedFoundVerifiedAndOpened() throws IOException {
    try (var demur = Session.in(environment(""))) {
      Path snapshot = folder.resolve("cache/models--org--name/snapshots").resolve(FakeHub.COMMIT);
      var pulled = demur.run("models", "pull", "org/name");
      assertThat(pulled.code()).describedAs(pulled.err()).isZero();
      assertThat(pulled.out()).isEqualTo(snapshot + "\n");
      assertThat(pulled.messages().getLast()).contains("org/name is commit 5a1e0c2b3d4f: ");

      var list = demur.run("models", "list");
      assertThat(list.out()).contains("org/name").contains("5a1e0c2b3d4f").contains("main");
      assertThat(demur.run("models", "list", "--json").out())
          .contains("\"commit\":\"" + FakeHub.COMMIT + "\"");
      assertThat(demur.run("models", "path", "org/name@main").out()).isEqualTo(snapshot + "\n");
      assertThat(demur.run("models", "info", "org/name").out()).contains("family");

      var sound = demur.run("models", "verify", "org/name");
      assertThat(sound.code()).isZero();
      assertThat(sound.out()).contains("ok         model.safetensors");
      Path weights = snapshot.resolve("model.safetensors").toRealPath();
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length - 1]++;
      Files.write(weights, bytes);
      var damaged = demur.run("models", "verify", "org/name", "--json");
      assertThat(damaged.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(damaged.out()).contains("\"verdict\":\"damaged\"").contains("delete " + weights);
      assertThat(damaged.messages()).hasSize(1);
    }
  }

  @Test
  void whatIsNotThereIsOneLine() throws IOException {
    try (var demur = Session.in(environment(""))) {
      assertOneLine(demur.run("models", "pull", "org/other"), "org/other: not found (404)");
      assertOneLine(demur.run("models", "pull", "other"), "expected org/name[@revision]");
      assertOneLine(
          demur.run("models", "path", "org/name"),
          "org/name is not in the hub cache; fetch it, or give a folder or a .gguf file"
              + " (demur models pull)");
      assertThat(demur.run("models", "list").err()).contains("no models in");
    }
    assertOneLine(other("HF_HUB_OFFLINE=1", "models", "pull", "org/name"), "offline mode is on");
    assertOneLine(
        other("HF_ENDPOINT=http://hub.invalid", "models", "pull", "org/name"),
        "hub.invalid cannot be reached");
  }

  @Test
  void ctrlCLeavesAPartThatTheSameCommandGoesOnWith() throws Exception {
    var random = new byte[4_000_000];
    new Random(5).nextBytes(random);
    hub.largeFile("model.safetensors", random);
    hub.pauseMillis = 5;
    var process =
        Cli.start(environment(""), List.of(), "models", "pull", "org/name", "--include", "*.safe*");
    Path part =
        folder.resolve("cache/models--org--name/blobs/" + FakeHub.sha256(random) + ".incomplete");
    while (!Files.exists(part) || Files.size(part) < 200_000) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(20);
    }
    new ProcessBuilder("kill", interrupt(process), String.valueOf(process.pid())).start().waitFor();
    var stopped = Cli.finish(process);
    assertThat(stopped.code()).isNotZero();
    assertThat(stopped.err()).contains("the same command continues");
    long here = Files.size(part);
    assertThat(here).isBetween(200_000L, 3_999_999L);
    hub.pauseMillis = 0;
    hub.mend();
    var pulled = other("", "models", "pull", "org/name", "--include", "*.safe*", "--json");
    assertThat(pulled.code()).describedAs(pulled.err()).isZero();
    assertThat(hub.requests("cdn", "GET").getFirst().headers())
        .containsEntry("Range", "bytes=" + here + "-");
    assertThat(Files.readAllBytes(part.resolveSibling(FakeHub.sha256(random)))).isEqualTo(random);
  }

  /// D12: a shell starts background jobs with SIGINT ignored, and their children inherit it;
  /// SIGTERM ends them by the same way.
  private static String interrupt(Process process) throws IOException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.exists(status)) {
      return "-INT";
    }
    long ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .findFirst()
            .orElse(0);
    return (ignored & SIGINT_BIT) == 0 ? "-INT" : "-TERM";
  }

  private static void assertOneLine(Cli.Outcome outcome, String message) {
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.messages().getLast()).contains(message);
  }

  private Cli.Outcome other(String environment, Object... args) throws IOException {
    try (var session = Session.in(environment(environment))) {
      return session.run(args);
    }
  }

  private String environment(String more) {
    return "export HF_ENDPOINT=%s HF_HUB_CACHE=%s HF_HOME=%s %s;"
        .formatted(hub.endpoint(), folder.resolve("cache"), folder.resolve("home"), more);
  }
}
