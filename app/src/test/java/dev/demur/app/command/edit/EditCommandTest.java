package dev.demur.app.command.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.edit.EditRecord;
import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `demur edit` and `demur verify-edit` on tiny checkpoints.
class EditCommandTest {

  @TempDir Path folder;

  @Test
  void writesAModelThatOpensAndComparesItWithHooks() throws IOException {
    Path out = folder.resolve("edited");
    var outcome = edit("llama-gqa-tied", 1, out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(
            "weight orthogonalisation, strength 1.0, layers 0 to 2, embedding, attention, mlp")
        .contains("hooks against edited weights")
        .contains("same greedy continuation  8 of 8 prompts");
    assertThat(out.resolve("README.md")).content().contains("llama-gqa-tied, edited");
    assertThat(out.resolve(EditRecord.FILE)).content().contains("\"format\" : \"demur-edit\"");
    assertThat(Cli.run("chat", out, "-p", "Hello!", "--max-new-tokens", 4).code()).isZero();
  }

  @Test
  void theEditIsVerifiedOnPromptsOfOnesOwn() throws IOException {
    Path out = folder.resolve("edited");
    edit("qwen2-tied", 1, out, "--no-verify");
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "Hello there\nName a river\n");
    var outcome =
        Cli.run(
            "verify-edit",
            Cli.checkpoint("qwen2-tied"),
            out,
            "--direction",
            direction(Cli.checkpoint("qwen2-tied"), 1),
            "--prompts",
            prompts);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("of 2 prompts");
    assertThat(outcome.messages()).isEmpty();
  }

  @Test
  void weightsThatAreNotTheEditAreCalledOut() throws IOException {
    Path out = folder.resolve("edited");
    edit("llama-gqa-tied", 1, out, "--no-verify");
    Path other = direction(Cli.checkpoint("llama-gqa-tied"), 1, 99);
    var outcome =
        Cli.run(
            "verify-edit",
            Cli.checkpoint("llama-gqa-tied"),
            out,
            "--direction",
            other,
            "--dtype",
            "f32");
    assertThat(outcome.code()).isEqualTo(ExitCode.CONDITION_MET);
    assertThat(outcome.messages())
        .anySatisfy(line -> assertThat(line).contains("edited with another direction file"))
        .last()
        .asString()
        .contains("the edited weights are not what the hooks do");
  }

  @Test
  void aFolderThatWasNotEditedIsNotVerified() throws IOException {
    Path source = Cli.checkpoint("llama-gqa-tied");
    var outcome =
        Cli.run(
            "verify-edit", source, source, "--direction", direction(source, 1), "--dtype", "f32");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).last().asString().contains("holds no demur.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma2", "olmo2-gqa"})
  void behindANormTheTwoAreSaidToDiffer(String name) throws IOException {
    var outcome = edit(name, 1, folder.resolve("edited"));
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("cannot be equal");
  }

  @Test
  void aGgufFileBecomesAGgufFile() throws IOException {
    Path out = folder.resolve("edited.gguf");
    Path source = Cli.checkpoint("gguf-qwen2-q8_0").resolve("model.gguf");
    var outcome =
        Cli.run(
            "edit",
            source,
            "--direction",
            direction(Cli.checkpoint("gguf-qwen2-q8_0"), 1),
            "-o",
            out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    try (var file = Gguf.open(out)) {
      assertThat(file.metadata().string(EditRecord.KEY)).isPresent();
    }
  }

  @Test
  void anAdapterIsWritten() throws IOException {
    Path out = folder.resolve("adapter");
    var outcome = edit("llama-gqa-tied", 1, out, "--as", "lora");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(out.resolve("adapter_config.json")).content().contains("self_attn.o_proj");
    assertThat(out.resolve("adapter_model.safetensors")).exists();
  }

  @Test
  void aControlVectorComesWithAWarning() throws IOException {
    Path out = folder.resolve("vector.gguf");
    var outcome = edit("llama-gqa-tied", 2, out, "--as", "control-vector");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.messages()).last().asString().contains("cannot project");
    try (var file = Gguf.open(out)) {
      assertThat(file.names()).containsExactly("direction.1");
    }
    var first = edit("llama-gqa-tied", 1, folder.resolve("no.gguf"), "--as", "control-vector");
    assertThat(first.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(first.messages()).last().asString().contains("blocks.2.hook_resid_pre");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    var outcome = edit("llama-gqa-tied", 1, folder);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).anySatisfy(m -> assertThat(m).contains("exists already"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layers 5 | --layers must be A-B",
        "--layers 1-9 | layers 0 to 2",
        "--components nose | embedding, attention and mlp",
        "--coefficient 2 | belongs to --add",
        "--add --strength 2 | belong to removing",
        "--store q4_k | bf16, f16, f32 or q8_0",
        "--store bf16 | the tensors of a folder keep theirs",
        "--as lora --store bf16 | not about --as",
        "--as hat | checkpoint, lora, control-vector or direction"
      })
  void optionsThatDoNotGoTogetherAreRefused(String options, String message) throws IOException {
    Path out = folder.resolve("edited");
    var outcome = edit("llama-gqa-tied", 1, out, (Object[]) options.split(" "));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).anySatisfy(m -> assertThat(m).contains(message));
    assertThat(out).doesNotExist();
  }

  private Cli.Outcome edit(String checkpoint, int layer, Path out, Object... more)
      throws IOException {
    var words =
        new ArrayList<Object>(
            List.of(
                "edit",
                Cli.checkpoint(checkpoint),
                "--direction",
                direction(Cli.checkpoint(checkpoint), layer),
                "-o",
                out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private Path direction(Path checkpoint, int layer) throws IOException {
    return direction(checkpoint, layer, 3);
  }

  private Path direction(Path checkpoint, int layer, long seed) throws IOException {
    Path file = folder.resolve("direction%d-%d.safetensors".formatted(layer, seed));
    try (var _ = Scope.open();
        var golden = Safetensors.open(checkpoint.resolve("golden.safetensors"))) {
      var raw = Tensor.gaussian(new Random(seed), golden.info("direction").elements());
      var direction = Direction.fromMeanDiff(raw, new HookPoint(layer, Site.RESID_PRE), -1);
      new DirectionFile(direction, new Provenance("somewhere", "0", "0", "test")).write(file);
    }
    return file;
  }
}
