package dev.demur.app.command.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.Session;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.FakeHub;
import dev.demur.lab.data.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `demur data pull|list|verify` as a person types them. No published prompt is here, so what is
/// fetched is always the wrong thing, or a file that is pinned on first pull.
class DataCommandTest {

  @TempDir Path folder;

  @Test
  void listsEverySetWithLicenceAndNote() throws IOException {
    var list = demur("", "data", "list");
    assertThat(list.code()).isZero();
    assertThat(Datasets.all())
        .allSatisfy(
            set ->
                assertThat(list.out())
                    .contains(set.name())
                    .contains("licence: " + set.licence())
                    .contains("holds " + set.note()));
    assertThat(list.out()).contains("not here").doesNotContain(" files here");
  }

  @Test
  void takesAFileFromAFolderPinsItAndFindsLaterDamage() throws IOException {
    try (var demur = session("")) {
      Path usb = Files.createDirectory(folder.resolve("usb"));
      Files.writeString(usb.resolve("MaliciousInstruct.txt"), "Never bake bread.\n");
      var pulled = demur.run("data", "pull", "malicious-instruct", "--from", usb);
      Path set = folder.resolve("data/malicious-instruct");
      assertThat(pulled.code()).describedAs(pulled.err()).isZero();
      assertThat(pulled.out()).isEqualTo(set + "\n");
      assertThat(pulled.err()).contains("Content note: ").contains("knows no hash for it");
      assertThat(demur.run("data", "verify").out())
          .isEqualTo("ok        malicious-instruct/MaliciousInstruct.txt\n");
      Files.writeString(set.resolve("MaliciousInstruct.txt"), "Never bake rye.\n");
      var damaged = demur.run("data", "verify", "--json");
      assertThat(damaged.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(damaged.out()).contains("\"state\":\"damaged\"");
    }
  }

  @Test
  void whatIsNotWhatWasPublishedIsOneLine() throws IOException {
    try (var hub = new FakeHub()) {
      hub.id = "datasets/JailbreakBench/JBB-Behaviors";
      hub.file("data/harmful-behaviors.csv", "Goal,Category\nBake bread.,Baking\n");
      var pulled = demur("HF_ENDPOINT=" + hub.endpoint(), "data", "pull", "jailbreakbench");
      assertRefused(pulled, "expected 4a8ec683");
      assertThat(hub.requests("hub", "GET")).hasSize(1);
      assertThat(Files.exists(folder.resolve("data/jailbreakbench/harmful-behaviors.csv")))
          .isFalse();
    }
    try (var demur = session("")) {
      assertRefused(demur.run("data", "pull", "x-test"), "no set is called x-test; known are ");
      assertRefused(demur.run("data", "pull", "sorry-bench"), "--from FOLDER");
    }
    assertRefused(demur("HF_HUB_OFFLINE=1", "data", "pull", "xstest"), "offline mode is on");
  }

  private static void assertRefused(Cli.Outcome outcome, String message) {
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.messages().getLast()).contains(message);
  }

  private Cli.Outcome demur(String environment, Object... args) throws IOException {
    try (var session = session(environment)) {
      return session.run(args);
    }
  }

  private Session session(String environment) throws IOException {
    return Session.in(
        "export DEMUR_DATA_HOME=%s HF_HOME=%s %s;"
            .formatted(folder.resolve("data"), folder.resolve("home"), environment));
  }
}
