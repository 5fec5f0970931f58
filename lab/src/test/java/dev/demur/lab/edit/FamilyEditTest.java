package dev.demur.lab.edit;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every family, once with an unembedding of its own and once without, edited in whole and in every
/// kind of part, against hooks on the source.
@Order(1) // the slowest begin first
class FamilyEditTest {

  /// Rounding of a component that is exactly 0, against values of size about 1 to 10.
  private static final double ZERO = 2e-5;

  /// What an edit moves logits by, at the least, relative to the largest: well above rounding, so
  /// that hooks and weights do not agree because neither does anything.
  private static final double SOMETHING = 1e-3;

  /// The text model inside these, with images beside it, is a family of its own; MultimodalTextTest
  /// holds that the two are read alike.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "gemma3",
          "gemma4",
          "gemma4_unified",
          "llama4",
          "mistral3",
          "qwen2_5_vl_text",
          "qwen2_vl_text",
          "qwen3_5",
          "qwen3_5_moe",
          "qwen3_vl_text");

  @TempDir Path folder;

  /// Whether the unembedding is the embedding, and what is edited then: parts that leave the
  /// embedding alone do not know.
  enum Embeddings {
    TIED(Kind.WHOLE, Kind.SIX_TENTHS, Kind.EMBEDDING),
    UNTIED(
        Kind.WHOLE, Kind.REFLECTION, Kind.EMBEDDING, Kind.ATTENTION, Kind.MLP, Kind.SECOND_BLOCK);

    private final List<Kind> kinds;

    Embeddings(Kind... kinds) {
      this.kinds = List.of(kinds);
    }
  }

  /// What is edited.
  enum Kind {
    WHOLE(1, 0, Reach.END, EnumSet.allOf(Component.class)),
    SIX_TENTHS(0.6, 0, Reach.END, EnumSet.allOf(Component.class)),
    REFLECTION(2, 0, Reach.END, EnumSet.allOf(Component.class)),
    EMBEDDING(1, 0, Reach.END, EnumSet.of(Component.EMBEDDING)),
    ATTENTION(1, 0, Reach.END, EnumSet.of(Component.ATTENTION)),
    MLP(1, 0, Reach.END, EnumSet.of(Component.MLP)),
    SECOND_BLOCK(1.5, 1, 1, EnumSet.of(Component.ATTENTION, Component.MLP));

    private final double strength;
    private final Reach reach;

    Kind(double strength, int first, int last, Set<Component> components) {
      this.strength = strength;
      this.reach = new Reach(first, last, components);
    }

    WeightEdit.Orthogonalize of(Direction direction) {
      return new WeightEdit.Orthogonalize(direction, strength, reach);
    }
  }

  /// One checkpoint of each family.
  static List<Path> families() throws IOException {
    var seen = new TreeSet<String>();
    var one = new ArrayList<Path>();
    for (var checkpoint : EditableFolders.all().map(named -> named.getPayload()).toList()) {
      if (seen.add(family(checkpoint))) {
        one.add(checkpoint);
      }
    }
    return one;
  }

  @Test
  void noFamilyIsLeftOut() throws IOException {
    var here = new TreeSet<>(ELSEWHERE);
    for (Path checkpoint : families()) {
      here.add(family(checkpoint));
    }
    assertThat(here).isEqualTo(Family.known().keySet());
  }

  @ParameterizedTest
  @MethodSource("families")
  void tiedWeightsAreTheHooks(Path checkpoint) throws IOException {
    assertHooks(checkpoint, Embeddings.TIED);
  }

  @ParameterizedTest
  @MethodSource("families")
  void untiedWeightsAreTheHooks(Path checkpoint) throws IOException {
    assertHooks(checkpoint, Embeddings.UNTIED);
  }

  private void assertHooks(Path checkpoint, Embeddings embeddings) throws IOException {
    try (var _ = Scope.open();
        var golden = Checkpoints.golden(checkpoint)) {
      Path source = with(embeddings, EditableFolders.float32(checkpoint, folder));
      var direction = EditableFolders.direction(golden);
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      try (var files = HuggingFaceFolder.open(source)) {
        var model = Family.load(files, DType.F32);
        var plain = logits(model, ids, HookPlan.none());
        for (var kind : embeddings.kinds) {
          try (var _ = Scope.open()) {
            Path out = folder.resolve(kind.name());
            EditableFolders.edit(source, kind.of(direction), Tying.UNTIE, out);
            assertEqual(kind, direction, model, out, ids, plain);
          }
        }
      }
    }
  }

  private static void assertEqual(
      Kind kind, Direction direction, Transformer source, Path out, TokenIds ids, Tensor plain)
      throws IOException {
    var edit = kind.of(direction);
    int layers = source.config().nLayers();
    var weights = logits(out, ids, free(kind, direction.unit(), layers));
    assertThat(weights.minus(plain).abs().max())
        .as(kind + " does something")
        .isGreaterThan(SOMETHING * plain.abs().max());
    boolean behindNorms = Checkpoints.POST_NORMS.contains(source.config().family());
    if (!behindNorms || edit.reach().components().equals(Set.of(Component.EMBEDDING))) {
      var hooks = logits(source, ids, edit.hooks(layers));
      assertClose(kind.toString(), weights, hooks, FLOAT32);
    }
  }

  /// At full strength, that nothing along r̂ is written by what was edited, norms or not.
  private static HookPlan free(Kind kind, Tensor unit, int layers) {
    var plan = HookPlan.none();
    if (kind.strength != 1) {
      return plan;
    }
    if (kind.reach.embeddings()) {
      plan = plan.probe(new HookPoint(0, Site.RESID_PRE), (x, _) -> assertFree(x, unit));
    }
    for (int layer = 0; layer < layers; layer++) {
      if (kind.reach.covers(Component.ATTENTION, layer)) {
        plan = plan.probe(new HookPoint(layer, Site.ATTN_OUT), (x, _) -> assertFree(x, unit));
      }
      if (kind.reach.covers(Component.MLP, layer)) {
        plan = plan.probe(new HookPoint(layer, Site.MLP_OUT), (x, _) -> assertFree(x, unit));
      }
    }
    return plan;
  }

  private static void assertFree(Tensor x, Tensor unit) {
    assertThat(x.dotRows(unit).abs().max()).isLessThan(ZERO * Math.max(1, x.abs().max()));
  }

  private static Tensor logits(Path folder, TokenIds ids, HookPlan plan) throws IOException {
    try (var files = HuggingFaceFolder.open(folder)) {
      return logits(Family.load(files, DType.F32), ids, plan);
    }
  }

  private static Tensor logits(Transformer model, TokenIds ids, HookPlan plan) {
    return new Forward(model, 64).logits(ids, plan).copy();
  }

  private static String family(Path folder) throws IOException {
    return BoundedJson.readObject(folder.resolve("config.json")).path("model_type").asString();
  }

  /// Makes the unembedding the embedding, or random numbers of its own.
  private static Path with(Embeddings embeddings, Path source) throws IOException {
    var config = BoundedJson.readObject(source.resolve("config.json"));
    config.put("tie_word_embeddings", embeddings == Embeddings.TIED);
    Files.writeString(source.resolve("config.json"), config.toString());
    Path weights = source.resolve("model.safetensors");
    Path other = source.resolve("other.safetensors");
    String unembedding;
    try (var files = HuggingFaceFolder.open(source);
        var writer = SafetensorsWriter.create(other)) {
      var writers = Writers.of(files);
      unembedding = writers.unembedding();
      for (String name : files.weights().names()) {
        if (!name.equals(unembedding)) {
          writer.write(name, files.weights().load(name, DType.F32));
        }
      }
      if (embeddings == Embeddings.UNTIED) {
        var random = new Random(7);
        var shape = writers.config();
        writer.write(
            unembedding, Tensor.gaussian(random, shape.dVocab(), shape.dModel()).times(0.3));
      }
      writer.finish();
    }
    Files.delete(weights);
    Files.move(other, weights);
    try (var files = HuggingFaceFolder.open(source)) {
      assertThat(Writers.of(files).config().tiedEmbeddings())
          .isEqualTo(embeddings == Embeddings.TIED);
    }
    return source;
  }
}
