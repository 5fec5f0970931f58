package dev.demur.app.command.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectionImportCommandTest {

  private static final Path DIRECTIONS = Path.of("../lab/src/test/resources/golden/directions");

  private static final Path ADAPTERS = Path.of("../model/src/test/resources/golden/adapters");

  @TempDir Path folder;

  @Test
  void asksForWhatTheFileDoesNotSay() {
    var outcome =
        Cli.run("direction", "import", DIRECTIONS.resolve("control.gguf"), "--out", out("d"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).hasSize(1);
    assertThat(outcome.messages().getFirst())
        .contains("does not say", "--operation", "--site", "--numbering", "--layer");
    assertThat(out("d")).doesNotExist();
  }

  @Test
  void whatIsImportedIsUsedForWhatItIsFor() {
    var imported =
        Cli.run(
            "direction",
            "import",
            DIRECTIONS.resolve("control.gguf"),
            "--operation=addition",
            "--site=resid_post",
            "--numbering=from-0",
            "--layer=1",
            "--out",
            out("d"));
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).isEqualTo(out("d") + System.lineSeparator());
    var wrong = Cli.run("chat", Cli.checkpoint("gpt2"), "-p", "Hi", "--ablate", out("d"));
    assertThat(wrong.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.messages().getFirst()).contains("imported for addition, not for ablation");
  }

  @Test
  void anAdapterIsAppliedOnLoad() {
    var base = Cli.checkpoint("llama-one-kv-head");
    var adapter = ADAPTERS.resolve("attention");
    var info = Cli.run("models", "info", base, "--adapter", adapter);
    assertThat(info.err()).isEmpty();
    assertThat(info.out()).contains("llama-one-kv-head + attention");
    var wrong = Cli.run("models", "info", Cli.checkpoint("gpt2"), "--adapter", adapter);
    assertThat(wrong.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.messages()).hasSize(1);
    assertThat(wrong.messages().getFirst()).contains("has no place in the base model");
    var alone = Cli.run("models", "info", adapter);
    assertThat(alone.messages().getFirst()).contains("is an adapter, not a model", "--adapter");
  }

  private Path out(String name) {
    return folder.resolve(name + ".safetensors");
  }
}
