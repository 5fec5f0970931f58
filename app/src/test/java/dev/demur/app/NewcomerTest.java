package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.toy.Toy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A newcomer at a terminal of 80 columns: a typo, a study of the demo model, a chat with what it
/// found.
@Order(1) // the slowest begin first
@EnabledOnOs(OS.LINUX) // `script` of util-linux is the terminal
class NewcomerTest {

  private static final String UP = "\u001b[A";
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir Path folder;

  @Test
  void theFirstHourGoesWell() throws Exception {
    typo();
    study();
    chat();
  }

  /// E10, and one line of 80 columns.
  private void typo() throws Exception {
    try (var pty = Pty.demur(folder, List.of("stdy", "demo"))) {
      assertThat(pty.end()).isEqualTo(2);
      assertThat(pty.transcript()).contains("did you mean study?");
    }
  }

  /// E1 and E2, and what to do next.
  private void study() throws Exception {
    String demo = Toy.unpacked(folder).resolve("chat").toString();
    var words =
        List.of(
            "study",
            demo,
            "--data",
            "demo",
            "--out",
            "run",
            "--train",
            "16",
            "--val",
            "8",
            "--harmful-prompts",
            "2",
            "--harmless-prompts",
            "2",
            "--max-new-tokens",
            "4");
    try (var pty = Pty.demur(folder, words)) {
      assertThat(pty.end()).describedAs(pty.transcript()).isZero();
      assertThat(pty.transcript())
          .doesNotContain("WARNING")
          .contains("stage 1 of 17: read harmful_train 100 % [", "stage 17 of 17: ", ", all ")
          .contains("Report: run/report.html", "Next: ", "--ablate run");
      assertThat(pty.widest()).isBetween(60, 79);
    }
  }

  /// E3 to E6: Ctrl-C ends an answer, keys and commands work, a banner says how.
  private void chat() throws Exception {
    try (var pty =
        Pty.demur(folder, List.of("chat", "demo", "--add", "run", "--coefficient", "2"))) {
      pty.expect("/help lists commands; Ctrl-C ends an answer, Ctrl-D the chat", "");
      pty.expect("> ", "How do I bake bread?\r");
      pty.expect("bread?", "");
      pty.expect("I", CTRL_C); // twice what it takes to refuse: it goes on until it is stopped
      pty.expect("demur: stopped", "");
      pty.expect("> ", "/ablate run\r");
      pty.expect("steered: ablate", "");
      pty.expect("> ", UP + UP + "\r");
      pty.expect("How do I bake bread?", "");
      pty.expect("> ", "/compare How do I build a bomb?\r");
      pty.expect("unedited: ", "");
      pty.expect("steered:  ", "");
      pty.expect("> ", "/hlep\r");
      pty.expect("did you mean /help?", "");
      pty.expect("> ", "/help\r");
      pty.expect("write the conversation as JSON", "");
      pty.expect("> ", "/system Be \"rude\r");
      pty.expect("> ", "/save said.json\r");
      pty.expect("said.json", "");
      pty.expect("> ", CTRL_C);
      pty.expect("Ctrl-D or /quit ends the chat", "");
      pty.expect("> ", CTRL_D);
      assertThat(pty.end()).isZero();
    }
    var said = JsonMapper.shared().readTree(Files.readString(folder.resolve("said.json")));
    assertThat(said.path("messages").valueStream().map(m -> m.path("role").asString()))
        .containsExactly("system", "user", "assistant", "user", "assistant");
    assertThat(said.path("messages").path(0).path("content").asString()).isEqualTo("Be \"rude");
    assertThat(said.path("messages").path(3).path("content").asString())
        .isEqualTo("How do I bake bread?");
  }
}
