package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// D12: pipes and devices under the name of a file end in one line, at once.
@DisabledOnOs(OS.WINDOWS) // has neither
@Timeout(30)
class SpecialFilesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
        "generation_config.json",
        "model.safetensors"
      })
  void aPipeInAModelsFolderIsRefused(String name) throws Exception {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    Files.delete(model.resolve(name));
    pipe(model.resolve(name));
    assertRefused(Cli.run("chat", model, "-p", "hello"));
  }

  @Test
  void aPipeOrADeviceAsAnArgumentIsRefused() throws Exception {
    Path pipe = pipe(folder.resolve("pipe"));
    Path model = Cli.checkpoint("llama-gqa-tied");
    for (Object special : new Object[] {pipe, "/dev/zero"}) {
      assertRefused(Cli.run("models", "info", special));
      assertRefused(
          Cli.run("activations", model, "--prompts", special, "--out", folder.resolve("o")));
      assertRefused(Cli.run("judge", special));
      assertRefused(Cli.run("chat", model, "-p", "hello", "--ablate", special));
    }
  }

  @Test
  void aPipeInADataFolderIsRefused() throws Exception {
    Path data = Cli.data(folder);
    Path file = data.resolve("splits/harmful_train.json");
    Files.delete(file);
    pipe(file);
    assertRefused(
        Cli.run(
            "study",
            Cli.checkpoint("llama-gqa-tied"),
            "--data",
            data,
            "--out",
            folder.resolve("r")));
  }

  private static void assertRefused(Cli.Outcome outcome) {
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).hasSize(1);
  }

  private static Path pipe(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }
}
