package dev.demur.lab.edit;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Family;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Edited folders, opened again, against hooks on the source: every family, tied and untied.
@Order(1) // the slowest begin first
@Scoped
class FolderEditorTest {

  /// Rounding of a component that is exactly 0, against values of size about 1 to 10.
  private static final double ZERO = 2e-5;

  private static final Tolerance LENGTHS =
      Tolerance.ofLargest(1e-5, "float32 of vectors that are multiplied once");

  /// Share of a vector's length that float32 leaves along a direction that was taken out of it.
  private static final double LEFT = 1e-5;

  @TempDir Path folder;

  static Stream<Named<Path>> checkpoints() throws IOException {
    return EditableFolders.all();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void anEditedFolderIsHookAblation(Path checkpoint) throws IOException {
    try (var golden = Checkpoints.golden(checkpoint)) {
      Path source = EditableFolders.float32(checkpoint, folder);
      var direction = EditableFolders.direction(golden);
      var edit = new WeightEdit.Orthogonalize(direction);
      Path out = folder.resolve("edited");
      EditableFolders.edit(source, edit, Tying.UNTIE, out);
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      try (var edited = HuggingFaceFolder.open(out)) {
        var model = Family.load(edited, DType.F32);
        var logits =
            new Forward(model, 64).logits(ids, free(direction.unit(), model.config().nLayers()));
        assertThat(model.config().tiedEmbeddings()).isFalse();
        if (!Checkpoints.POST_NORMS.contains(model.config().family())) {
          var hooks = Checkpoints.tensor(golden, "prompt.0.ablated.logits");
          assertClose(logits, hooks, FLOAT32);
        }
        var plain = Checkpoints.tensor(golden, "prompt.0.logits");
        assertThat(logits.minus(plain).abs().max())
            .as("the edit does something")
            .isGreaterThan(1e-2 * plain.abs().max());
      }
    }
  }

  /// Looks at all that is written.
  private static HookPlan free(Tensor unit, int layers) {
    var plan = HookPlan.none();
    for (int layer = 0; layer < layers; layer++) {
      for (var site : List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT)) {
        var at = new HookPoint(layer, site);
        plan =
            plan.probe(
                at,
                (x, _) ->
                    assertThat(x.dotRows(unit).abs().max())
                        .as(at.toString())
                        .isLessThan(ZERO * Math.max(1, x.abs().max())));
      }
    }
    return plan;
  }

  /// One checkpoint of each family, and files of another type and in several parts.
  static Stream<Named<Path>> files() {
    var others =
        Stream.of("llama-sharded", "llama-f16")
            .map(name -> Named.of(name, Checkpoints.named(name)));
    return Stream.concat(Checkpoints.oneOfEach(), others);
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatDoesNotChangeIsCopiedByteForByteAndTypesStay(Path checkpoint) throws IOException {
    try (var golden = Checkpoints.golden(checkpoint)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path out = folder.resolve("edited");
      var result = EditableFolders.edit(checkpoint, edit, Tying.KEEP, out);
      var changed = changed(result);
      assertThat(result.changed()).isEqualTo(changed.size()).isPositive();
      for (Path shard : shards(checkpoint)) {
        try (var before = Safetensors.open(shard);
            var after = Safetensors.open(out.resolve(shard.getFileName().toString()))) {
          assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
          for (String name : before.names()) {
            assertThat(after.info(name)).isEqualTo(before.info(name));
            boolean same = before.bytes(name).mismatch(after.bytes(name)) < 0;
            assertThat(same).as(name).isEqualTo(!changed.contains(name));
          }
        }
      }
      assertThat(out.resolve("config.json"))
          .hasSameBinaryContentAs(checkpoint.resolve("config.json"));
      assertThat(out.resolve("tokenizer_config.json"))
          .hasSameBinaryContentAs(checkpoint.resolve("tokenizer_config.json"));
    }
  }

  private static Set<String> changed(EditResult result) {
    return Set.copyOf(
        result.record().json().path("tensors").values().stream().map(n -> n.asString()).toList());
  }

  private static List<Path> shards(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".safetensors") && !f.toString().contains("golden"))
          .toList();
    }
  }

  @Test
  void aTiedUnembeddingGetsItsOwnUnchangedTensor() throws IOException {
    Path checkpoint = Checkpoints.named("llama-gqa-tied");
    try (var golden = Checkpoints.golden(checkpoint)) {
      Path out = folder.resolve("edited");
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      EditableFolders.edit(checkpoint, edit, Tying.UNTIE, out);
      var config = BoundedJson.readObject(out.resolve("config.json"));
      assertThat(config.path("tie_word_embeddings").asBoolean(true)).isFalse();
      try (var before = Safetensors.open(checkpoint.resolve("model.safetensors"));
          var after = Safetensors.open(out.resolve("model.safetensors"))) {
        assertThat(after.bytes("lm_head.weight").toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(before.bytes("model.embed_tokens.weight").toArray(ValueLayout.JAVA_BYTE));
        assertThat(after.metadata())
            .containsEntry("format", "pt")
            .containsKeys("demur_tool", "demur_source_sha256", "demur_direction_sha256");
      }
    }
  }

  @Test
  void anIndexNamesWhatWasAdded() throws IOException {
    Path checkpoint = Checkpoints.named("llama-sharded");
    try (var golden = Checkpoints.golden(checkpoint)) {
      Path out = folder.resolve("edited");
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      EditableFolders.edit(checkpoint, edit, Tying.UNTIE, out);
      var index = BoundedJson.readObject(out.resolve("model.safetensors.index.json"));
      long bytes = 0;
      for (Path shard : shards(out)) {
        try (var open = Safetensors.open(shard)) {
          for (String name : open.names()) {
            bytes += open.info(name).bytes();
            assertThat(index.path("weight_map").path(name).asString(""))
                .isEqualTo(shard.getFileName().toString());
          }
        }
      }
      assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(bytes);
    }
  }

  /// And what the record says of it; every family's parts are in [FamilyEditTest].
  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "gpt2", "qwen2-moe"})
  void aPartOfTheEditIsTheSamePartOfTheHooks(String name) throws IOException {
    try (var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var direction = EditableFolders.direction(golden);
      assertHooks(name, new WeightEdit.Orthogonalize(direction, 0.6, Reach.all()));
      assertHooks(
          name,
          new WeightEdit.Orthogonalize(
              direction, 1, new Reach(1, 1, EnumSet.of(Component.MLP, Component.ATTENTION))));
      assertHooks(
          name,
          new WeightEdit.Orthogonalize(
              direction, 1.5, new Reach(0, Reach.END, EnumSet.of(Component.EMBEDDING))));
    }
  }

  /// A model of columns, of rows, of experts, and with norms behind its matrices.
  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "gpt2", "qwen2-moe", "gemma2"})
  void keptLengthsAreThoseOfBeforeAndNothingIsWrittenAlongTheDirection(String name)
      throws IOException {
    Path source = EditableFolders.float32(Checkpoints.named(name), folder);
    try (var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var edit =
          new WeightEdit.Orthogonalize(
              EditableFolders.direction(golden), 1, Reach.all(), WeightEdit.Lengths.KEPT);
      var out = folder.resolve("out");
      EditableFolders.edit(source, edit, Tying.UNTIE, out);
      try (var before = HuggingFaceFolder.open(source);
          var after = HuggingFaceFolder.open(out)) {
        for (var writer : Writers.of(before).tensors()) {
          var was = inStream(before, writer);
          var is = inStream(after, writer);
          var unit = edit.direction().unit();
          var seen =
              writer.after().isEmpty()
                  ? unit
                  : WeightEdit.beforeNorm(
                      edit.direction(),
                      writer.after().get().scale(t -> before.weights().load(t, DType.F32)));
          var left = was.minus(was.dotRows(seen).unsqueeze(1).times(seen.unsqueeze(0)));
          var whole = was.square().sum(1).sqrt().unsqueeze(1);
          var expected = left.dividedBy(left.square().sum(1).sqrt().unsqueeze(1)).times(whole);
          assertClose(writer.tensor(), is, expected, LENGTHS);
          assertThat(is.dotRows(seen).abs().max())
              .as(writer.tensor())
              .isLessThan(LEFT * was.square().sum(1).sqrt().max());
        }
      }
    }
  }

  /// Vectors of a tensor that live in the stream, `[n, d_model]`.
  private static Tensor inStream(HuggingFaceFolder files, StreamWriter writer) throws IOException {
    var all = files.weights().load(writer.tensor(), DType.F32);
    if (all.rank() == 1) {
      return all.unsqueeze(0);
    }
    return switch (writer.layout()) {
      case ROWS -> all.reshape(-1, all.dim(all.rank() - 1));
      case COLUMNS ->
          all.transpose(all.rank() - 2, all.rank() - 1)
              .contiguous()
              .reshape(-1, all.dim(all.rank() - 2));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-gqa-tied",
        "llama-bias",
        "gpt2",
        "neox-parallel",
        "neox-sequential",
        "gpt-oss"
      })
  void anAdditionIsABias(String name) throws IOException {
    try (var golden = Checkpoints.golden(Checkpoints.named(name))) {
      assertHooks(name, new WeightEdit.Shift(EditableFolders.direction(golden), -1.5));
    }
  }

  private void assertHooks(String name, WeightEdit edit) throws IOException {
    Path checkpoint = Checkpoints.named(name);
    Path place = Files.createTempDirectory(folder, "case");
    try (var golden = Checkpoints.golden(checkpoint)) {
      Path source = EditableFolders.float32(checkpoint, place);
      Path out = place.resolve("edited");
      var result = EditableFolders.edit(source, edit, Tying.UNTIE, out);
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var hooks = logits(source, ids, edit);
      var weights = logits(out, ids, new WeightEdit.Shift(edit.direction(), 0));
      assertClose(result.record().operation(), weights, hooks, FLOAT32);
      assertThat(hooks.minus(Checkpoints.tensor(golden, "prompt.0.logits")).abs().max())
          .as("the edit does something")
          .isGreaterThan(1e-3 * hooks.abs().max());
      var read = EditRecord.read(out.resolve(EditRecord.FILE)).edit(edit.direction());
      assertThat(logits(source, ids, read).toFloats()).isEqualTo(hooks.toFloats());
    }
  }

  private static Tensor logits(Path folder, TokenIds ids, WeightEdit hooks) throws IOException {
    try (var files = HuggingFaceFolder.open(folder)) {
      var model = Family.load(files, DType.F32);
      return new Forward(model, 64).logits(ids, hooks.hooks(model.config().nLayers())).copy();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied", "gemma2", "mixtral", "phi3-fused"})
  void anAdditionWithoutAPlaceIsRefused(String name) throws IOException {
    Path checkpoint = Checkpoints.named(name);
    try (var golden = Checkpoints.golden(checkpoint)) {
      var edit = new WeightEdit.Shift(EditableFolders.direction(golden), 1);
      Path out = folder.resolve("edited");
      assertThatThrownBy(() -> EditableFolders.edit(checkpoint, edit, Tying.UNTIE, out))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no bias")
          .hasMessageContaining("control vector");
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void anEditedFolderCanBeEditedAgain() throws IOException {
    Path source = EditableFolders.float32(Checkpoints.named("llama-gqa-tied"), folder);
    Files.writeString(source.resolve("README.md"), "the first");
    try (var golden = Checkpoints.golden(Checkpoints.named("llama-gqa-tied"))) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path once = folder.resolve("once");
      Path twice = folder.resolve("twice");
      EditableFolders.edit(source, edit, Tying.UNTIE, once);
      EditableFolders.edit(once, edit, Tying.UNTIE, twice);
      assertThat(twice.resolve("README.source.source.md")).hasContent("the first");
      assertThat(twice.resolve("README.source.md"))
          .hasSameTextualContentAs(once.resolve("README.md"));
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var none = new WeightEdit.Shift(edit.direction(), 0);
      var after = logits(twice, ids, none);
      assertClose("removing what is gone", after, logits(once, ids, none), FLOAT32);
    }
  }

  @Test
  void whatExistsIsNotOverwrittenAndWhatIsHalfDoneIsNamed() throws IOException {
    Path checkpoint = Checkpoints.named("qwen2-tied");
    try (var golden = Checkpoints.golden(checkpoint)) {
      var edit = new WeightEdit.Orthogonalize(EditableFolders.direction(golden));
      Path out = Files.createDirectory(folder.resolve("edited"));
      assertThatThrownBy(() -> EditableFolders.edit(checkpoint, edit, Tying.UNTIE, out))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("exists already");
      Path other = folder.resolve("other");
      Files.createDirectory(folder.resolve("other.part"));
      assertThatThrownBy(() -> EditableFolders.edit(checkpoint, edit, Tying.UNTIE, other))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other.part")
          .hasMessageContaining("stopped before its end");
      assertThat(other).doesNotExist();
    }
  }
}
