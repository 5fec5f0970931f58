package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of bad input: exit code 2, one line that names the place, nothing half-written.
class BadInputTest {

  private static final String CHECKPOINT = "llama-gqa-tied";

  @TempDir Path folder;

  @Test
  void aTruncatedCheckpoint() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    try (var file =
        FileChannel.open(model.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1000);
    }
    assertRefused(activations(model), "model.safetensors");
  }

  @Test
  void aHeaderLongerThanTheFile() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    overwrite(model.resolve("model.safetensors"), 0, Long.MAX_VALUE);
    assertRefused(activations(model), "model.safetensors", "header length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4000000000000000000],\"data_offsets\":[0,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-3],\"data_offsets\":[0,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,1200]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[12,0]}}",
        "{\"a\":[1,2",
      })
  void aLyingHeader(String header) throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    write(model.resolve("model.safetensors"), header);
    assertRefused(activations(model), "model.safetensors");
  }

  @Test
  void aHeaderNestedDeeplyEnoughToOverflowAStack() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    write(model.resolve("model.safetensors"), "{\"a\":" + "[".repeat(200_000));
    assertRefused(activations(model), "model.safetensors");
  }

  @Test
  void aMissingShard() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-sharded"), folder);
    Path shard;
    try (var files = Files.list(model)) {
      shard = files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList().getLast();
    }
    Files.delete(shard);
    assertRefused(activations(model), shard.getFileName().toString());
  }

  @Test
  void anUnknownFamily() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    replace(model.resolve("config.json"), "\"llama\"", "\"mamba9\"");
    assertRefused(activations(model), "mamba9", "llama");
  }

  @Test
  void aTemplateThatRaises() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    Files.writeString(
        model.resolve("chat_template.jinja"), "{{ raise_exception('only in French, please') }}");
    assertRefused(
        Cli.run(
            "activations",
            model,
            "--prompts",
            prompts("Hello.\n"),
            "--out",
            folder.resolve("o.st")),
        "only in French, please");
  }

  @Test
  void anEmptyPromptFile() throws IOException {
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint(CHECKPOINT),
            "--prompts",
            prompts("\n\n"),
            "--out",
            folder.resolve("o.st"));
    assertRefused(outcome, "prompts.txt", "no prompt");
  }

  @Test
  void aMissingPromptFile() {
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint(CHECKPOINT),
            "--prompts",
            folder.resolve("none.txt"),
            "--out",
            folder.resolve("o.st"));
    assertRefused(outcome, "none.txt", "no such file");
  }

  @Test
  void notANumberInTheWeights() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint(CHECKPOINT), folder);
    Path weights = model.resolve("model.safetensors");
    long end = Files.size(weights);
    try (var file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      var nan = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN).flip();
      file.write(nan, end - 4);
    }
    assertRefused(activations(model), "model.safetensors", "NaN");
  }

  @Test
  void aPositionNoPromptHas() throws IOException {
    assertRefused(activations(Cli.checkpoint(CHECKPOINT), "--positions", "-99"), "position -99");
  }

  @Test
  void aLayerTheModelDoesNotHave() throws IOException {
    assertRefused(activations(Cli.checkpoint(CHECKPOINT), "--layers", "0,7"), "layer 7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sites|residue|residue",
        "--layers|one|one",
        "--positions|3-1|3-1",
        "--dtype|f16|f16",
        "--threads|0|threads",
        "--threads|many|many",
        "--nonsense|1|--nonsense",
        "--coefficient|2|--add",
      })
  void oneBadFlag(String option, String value, String named) throws IOException {
    assertRefused(activations(Cli.checkpoint(CHECKPOINT), option, value), named);
  }

  @Test
  void aFolderToWriteIntoThatIsNotThere() throws IOException {
    var outcome =
        Cli.run(
            "activations",
            Cli.checkpoint(CHECKPOINT),
            "--prompts",
            prompts("Hello.\n"),
            "--raw",
            "--out",
            folder.resolve("none/o.st"));
    assertRefused(outcome, "none");
  }

  @Test
  void aModelThatIsNotThere() throws IOException {
    assertRefused(activations(Path.of("no-such-model")), "no-such-model");
  }

  @Test
  void aCheckpointInPlaceOfADirection() throws IOException {
    Path wrong = Cli.checkpoint(CHECKPOINT).resolve("model.safetensors");
    assertRefused(
        activations(Cli.checkpoint(CHECKPOINT), "--ablate", wrong.toString()), "model.safetensors");
  }

  @Test
  void aStudyWithoutPrompts() {
    var outcome = Cli.run("study", Cli.checkpoint(CHECKPOINT), "--out", folder.resolve("run"));
    assertRefused(outcome, "--harmful-train", "--data");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aDataFolderOfAnotherLayout() {
    var outcome =
        Cli.run(
            "study", Cli.checkpoint(CHECKPOINT), "--data", folder, "--out", folder.resolve("run"));
    assertRefused(outcome, "splits");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aStudyLargerThanItsData() throws IOException {
    var outcome =
        Cli.run(
            "study",
            Cli.checkpoint(CHECKPOINT),
            "--data",
            Cli.data(folder),
            "--train",
            "500",
            "--out",
            folder.resolve("run"));
    assertRefused(outcome, "500", "12");
  }

  /// A limit on file sizes fails a write the way a full disk does.
  @Test
  void aFullDisk() throws Exception {
    Path out = folder.resolve("o.st");
    var process =
        Cli.start(
            "ulimit -f 4;",
            List.of(),
            "activations",
            Cli.checkpoint(CHECKPOINT),
            "--prompts",
            prompts("Hello there, good morning to you.\n".repeat(8)),
            "--raw",
            "--logits",
            "--out",
            out);
    var outcome = Cli.finish(process);
    assertRefused(outcome, "o.st", "cannot write");
  }

  private Cli.Outcome activations(Path model, String... more) throws IOException {
    Object[] usual = {
      "activations",
      model,
      "--prompts",
      prompts("Hello.\n"),
      "--raw",
      "--out",
      folder.resolve("o.st")
    };
    return Cli.run(Stream.concat(Stream.of(usual), Stream.of(more)).toArray());
  }

  private Path prompts(String text) throws IOException {
    return Files.writeString(folder.resolve("prompts.txt"), text);
  }

  private void assertRefused(Cli.Outcome outcome, String... named) {
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.messages()).hasSize(1);
    assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(outcome.messages().getFirst()).contains(named);
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.contains("o.st"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void overwrite(Path file, long offset, long value) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).flip(), offset);
    }
  }

  /// A safetensors file of this header and twelve bytes of data.
  private static void write(Path file, String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    var bytes =
        ByteBuffer.allocate(8 + json.length + 12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    Files.write(file, bytes.array());
  }

  private static void replace(Path file, String old, String now) throws IOException {
    Files.writeString(file, Files.readString(file).replace(old, now));
  }
}
