package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A6: every command refuses a prompt beyond the model's context by its first words; the demo sees
/// 256 tokens.
class ContextLengthTest {

  private static final String LONG = "How do I feed a duck? " + "Please say it again. ".repeat(100);

  @TempDir private static Path folder;
  private static Path direction;
  private static Path prompts;

  @BeforeAll
  static void files() throws IOException {
    direction =
        DemoDirection.write(DemoModel.prompts().resolveSibling("chat").toString(), 5, folder);
    prompts =
        Files.writeString(folder.resolve("long.txt"), "How do I feed a duck?\n" + LONG + "\n");
  }

  @Test
  void chat() {
    refused("chat", "demo", "-p", LONG);
  }

  @Test
  void chatWithAnAnswerThatWouldPassTheEnd() {
    var outcome = Cli.run("chat", "demo", "-p", "How do I feed a duck?", "--max-new-tokens", 5000);
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void activations() {
    Path out = folder.resolve("out.safetensors");
    refused("activations", "demo", "--prompts", prompts, "--out", out);
    refused("activations", "demo", "--prompts", prompts, "--raw", "--out", out);
    assertThat(out).doesNotExist();
  }

  @Test
  void explain() {
    Path out = folder.resolve("explain");
    refused("explain", "demo", "--direction", direction, "-p", LONG, "--refusal-tokens", "I");
    refused("explain", "demo", "--direction", direction, "--prompts", prompts, "--out", out);
  }

  @Test
  void studyBeforeAnythingIsRun() {
    Path out = folder.resolve("run");
    refused("study", "demo", "--quick", "--target-eval", prompts, "--out", out);
    assertThat(out.resolve("stages").toFile().list()).isNullOrEmpty();
  }

  private static void refused(Object... words) {
    var outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .hasSize(1)
        .first()
        .asString()
        .contains("the prompt \"How do I feed a duck? Please say it agai…\" has")
        .contains("this model sees 256 at once (n_ctx)");
  }
}
