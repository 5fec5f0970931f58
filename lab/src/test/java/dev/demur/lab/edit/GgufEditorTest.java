package dev.demur.lab.edit;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.Progress;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Family;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Edited GGUF files, opened again, against hooks on the source.
@Scoped
class GgufEditorTest {

  private static final Path FAMILIES = Path.of("../model/src/test/resources/golden/gguf-families");

  /// 8 bits a weight: a component of a rounded matrix stays at about 1/127 of a block's largest.
  private static final double ROUNDED = 0.05;

  private static final double ZERO = 2e-5;

  private static final Set<String> ALWAYS_TIED = Set.of("gemma", "gemma2");

  @TempDir Path folder;

  static Stream<Named<Path>> families() throws IOException {
    try (var files = Files.list(FAMILIES)) {
      return files
          .filter(f -> f.toString().endsWith(".gguf"))
          .sorted()
          .map(f -> Named.of(f.getFileName().toString().replace(".gguf", ""), f))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void anEditedFileIsHookAblation(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".gguf", "");
    try (var golden = Checkpoints.golden(Checkpoints.named(name));
        var source = GgufFile.open(file)) {
      var direction = EditableFolders.direction(golden);
      var request = EditableFolders.request(new WeightEdit.Orthogonalize(direction), Tying.UNTIE);
      Path out = folder.resolve("edited.gguf");
      String family = source.config().path("model_type").asString();
      if (ALWAYS_TIED.contains(family)) {
        assertThatThrownBy(() -> GgufEditor.write(source, request, out, Progress.silent()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("keep them tied");
        return;
      }
      GgufEditor.write(source, request, out, Progress.silent());
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      try (var edited = GgufFile.open(out)) {
        var model = Family.load(edited, DType.F32);
        var plan = HookPlan.none();
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
          for (var site : List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT)) {
            plan =
                plan.probe(
                    new HookPoint(layer, site),
                    (x, _) ->
                        assertThat(x.dotRows(direction.unit()).abs().max())
                            .isLessThan(ZERO * Math.max(1, x.abs().max())));
          }
        }
        var logits = new Forward(model, 64).logits(ids, plan);
        if (!Checkpoints.POST_NORMS.contains(family)) {
          var ablation = Policy.ablation(direction).plan(model.config().nLayers());
          var unedited = Family.load(source, DType.F32);
          assertClose(logits, new Forward(unedited, 64).logits(ids, ablation), FLOAT32);
        }
      }
    }
  }

  @Test
  void metadataAndUntouchedTensorsAreTheSameBytes() throws IOException {
    Path file = Checkpoints.named("gguf-qwen2-q8_0").resolve("model.gguf");
    try (var golden = Checkpoints.golden(file.getParent());
        var source = GgufFile.open(file)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path out = folder.resolve("edited.gguf");
      var result =
          GgufEditor.write(
              source, EditableFolders.request(edit, Tying.KEEP), out, Progress.silent());
      var changed =
          Set.copyOf(
              result.record().json().path("tensors").values().stream()
                  .map(n -> n.asString())
                  .toList());
      try (var before = Gguf.open(file);
          var after = Gguf.open(out)) {
        assertThat(after.names()).containsExactlyElementsOf(before.names());
        for (String name : before.names()) {
          assertThat(after.info(name)).isEqualTo(before.info(name));
          assertThat(before.bytes(name).mismatch(after.bytes(name)) < 0)
              .as(name)
              .isEqualTo(!changed.contains(name));
        }
        var kept = new LinkedHashMap<>(before.metadata().values());
        String name = String.valueOf(kept.remove("general.name"));
        assertThat(after.metadata().values()).containsAllEntriesOf(kept);
        assertThat(after.metadata().string("general.name"))
            .as("E: an edited file does not keep the name of its source")
            .contains(name + " (edited)");
        assertThat(after.metadata().string("general.base_model.0.name")).contains(name);
        assertThat(after.metadata().integer("general.base_model.count")).contains(1L);
        var record = EditRecord.parse(out, after.metadata().string(EditRecord.KEY).orElseThrow());
        assertThat(record.edit(edit.direction())).isInstanceOf(WeightEdit.Orthogonalize.class);
      }
    }
  }

  @Test
  void aQuantisedFileIsEditedUpToItsOwnRounding() throws IOException {
    Path file = Checkpoints.named("gguf-qwen2-q8_0").resolve("model.gguf");
    try (var golden = Checkpoints.golden(file.getParent());
        var source = GgufFile.open(file)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path out = folder.resolve("edited.gguf");
      GgufEditor.write(source, EditableFolders.request(edit, Tying.UNTIE), out, Progress.silent());
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var hooks = Checkpoints.tensor(golden, "prompt.0.ablated.logits");
      try (var edited = GgufFile.open(out)) {
        var logits = new Forward(Family.load(edited, DType.F32), 64).logits(ids, HookPlan.none());
        assertThat(logits.minus(hooks).abs().max()).isLessThan(ROUNDED * hooks.abs().max());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, 1e-4", "F16, 1e-3", "BF16, 0.01", "Q8_0, 0.02"})
  void aTypeThatIsNotWrittenBecomesTheOneAskedFor(Storing storing, double tolerance)
      throws IOException {
    Path checkpoint = Checkpoints.named("gguf-llama-q8_0");
    Path file = folder.resolve("source.gguf");
    QuantisedFiles.withQ41(checkpoint.resolve("model.gguf"), file);
    try (var golden = Checkpoints.golden(checkpoint);
        var source = GgufFile.open(file)) {
      var direction = EditableFolders.direction(golden);
      var reach = new Reach(0, 0, Set.of(Component.ATTENTION));
      var edit = new WeightEdit.Orthogonalize(direction, 1, reach);
      Path out = folder.resolve("edited.gguf");
      var request = EditableFolders.request(edit, Tying.UNTIE, storing);
      var record = GgufEditor.write(source, request, out, Progress.silent()).record();
      assertThat(record.json().path("operation").path("store").asString())
          .isEqualTo(storing.text());
      assertTypes(file, out, QuantisedFiles.EDITED, storing.name());
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var model = Family.load(source, DType.F32);
      var hooks = new Forward(model, 64).logits(ids, edit.hooks(model.config().nLayers()));
      try (var edited = GgufFile.open(out)) {
        var logits = new Forward(Family.load(edited, DType.F32), 64).logits(ids, HookPlan.none());
        assertThat(logits.minus(hooks).abs().max()).isLessThan(tolerance * hooks.abs().max());
      }
    }
  }

  @Test
  void aTypeThatIsWrittenStaysWhateverIsAskedFor() throws IOException {
    Path checkpoint = Checkpoints.named("gguf-llama-q8_0");
    Path file = folder.resolve("source.gguf");
    QuantisedFiles.withQ41(checkpoint.resolve("model.gguf"), file);
    try (var golden = Checkpoints.golden(checkpoint);
        var source = GgufFile.open(file)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path out = folder.resolve("edited.gguf");
      var request = EditableFolders.request(edit, Tying.UNTIE, Storing.BF16);
      GgufEditor.write(source, request, out, Progress.silent());
      assertTypes(file, out, QuantisedFiles.EDITED, "BF16");
    }
  }

  /// Asserts that one tensor has another type than before, and all others have theirs.
  private static void assertTypes(Path source, Path edited, String tensor, String type)
      throws IOException {
    try (var before = Gguf.open(source);
        var after = Gguf.open(edited)) {
      assertThat(before.info(tensor).type()).isEqualTo("Q4_1");
      assertThat(after.info(tensor).type()).isEqualTo(type);
      assertThat(after.info(QuantisedFiles.UNTOUCHED).type()).isEqualTo("Q4_1");
      assertThat(before.names())
          .filteredOn(name -> !name.equals(tensor))
          .allSatisfy(name -> assertThat(after.info(name)).isEqualTo(before.info(name)));
    }
  }

  @Test
  void aTypeThatIsNotWrittenIsNamed() throws IOException {
    Path file = folder.resolve("q5.gguf");
    // A file whose attention output is in a type that is only read: the tensor's type is set in
    // the copy of a float32 file, which is large enough to hold it.
    Path source = Checkpoints.named("gguf-llama-q8_0").resolve("model.gguf");
    QuantisedFiles.withType(source, "blk.0.attn_output.weight", "Q5_0", file);
    try (var golden = Checkpoints.golden(source.getParent());
        var open = GgufFile.open(file)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      assertThatThrownBy(
              () ->
                  GgufEditor.write(
                      open,
                      EditableFolders.request(edit, Tying.UNTIE),
                      folder.resolve("edited.gguf"),
                      Progress.silent()))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("blk.0.attn_output.weight")
          .hasMessageContaining("Q5_0")
          .hasMessageContaining("choose BF16");
      assertThat(folder.resolve("edited.gguf")).doesNotExist();
    }
  }
}
