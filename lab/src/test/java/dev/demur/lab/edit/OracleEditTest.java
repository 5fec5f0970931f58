package dev.demur.lab.edit;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.run.Progress;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Family;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.lora.AdaptedModel;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is written against the same edits made by formula with torch, computed by transformers and
/// peft (tools/golden/edits.py).
@Scoped
class OracleEditTest {

  private static final Path GOLDENS = Path.of("src/test/resources/golden/edits");

  @TempDir Path folder;

  static List<String> cases() throws IOException {
    try (var files = Files.list(GOLDENS)) {
      return files
          .map(f -> f.getFileName().toString().replace(".safetensors", ""))
          .sorted()
          .toList();
    }
  }

  static Stream<String> casesWithAnAdapter() throws IOException {
    return cases().stream().filter(name -> names(name).contains("lora.logits"));
  }

  @Test
  void theOracleSawEveryKindOfFamily() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(22).contains("gemma2", "gpt-oss", "olmo2-gqa");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theWholeEditIsTheOracles(String name) throws IOException {
    assertEdit(name, "whole.logits", 1, Reach.all());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPartOfTheEditIsTheOracles(String name) throws IOException {
    var blocks = EnumSet.of(Component.ATTENTION, Component.MLP);
    assertEdit(name, "part.logits", 0.6, new Reach(1, 1, blocks));
  }

  @ParameterizedTest
  @MethodSource("casesWithAnAdapter")
  void anAdapterIsWhatPeftMakesOfIt(String name) throws IOException {
    try (var golden = Checkpoints.golden(Checkpoints.named(name))) {
      Path source = EditableFolders.float32(Checkpoints.named(name), folder);
      Path adapter = folder.resolve("adapter");
      try (var files = HuggingFaceFolder.open(source)) {
        var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
        var request = EditableFolders.request(edit, Tying.UNTIE);
        LoraAdapter.write(files, request, adapter, Progress.silent());
      }
      try (var adapted = AdaptedModel.open(HuggingFaceFolder.open(source), adapter)) {
        assertLogits(name, "lora.logits", adapted, golden);
      }
    }
  }

  private void assertEdit(String name, String logits, double strength, Reach reach)
      throws IOException {
    try (var _ = Scope.open();
        var golden = Checkpoints.golden(Checkpoints.named(name))) {
      Direction direction = EditableFolders.direction(golden);
      Path source = EditableFolders.float32(Checkpoints.named(name), folder);
      Path out = folder.resolve("edited");
      var edit = new WeightEdit.Orthogonalize(direction, strength, reach);
      EditableFolders.edit(source, edit, Tying.UNTIE, out);
      try (var edited = HuggingFaceFolder.open(out)) {
        assertLogits(name, logits, edited, golden);
      }
    }
  }

  private static void assertLogits(
      String name, String logits, ModelFiles files, Safetensors checkpoint) throws IOException {
    try (var oracle = Safetensors.open(GOLDENS.resolve(name + ".safetensors"))) {
      Tensor expected = Checkpoints.tensor(oracle, logits);
      var ids = Checkpoints.ids(checkpoint, "prompt.0.tokens");
      var found = new Forward(Family.load(files, DType.F32), 64).logits(ids, HookPlan.none());
      assertClose(found, expected, FLOAT32);
    }
  }

  private static Set<String> names(String name) {
    try (var oracle = Safetensors.open(GOLDENS.resolve(name + ".safetensors"))) {
      return oracle.names();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
