package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a configuration leaves unsaid means what transformers' class makes of it, or is refused
/// (findings B1 and B2). The numbers are from `tools/golden/config_defaults.py`.
@Order(1) // the slowest begin first
class ConfigDefaultsTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNode GOLDEN =
      JSON.readTree(Path.of("src/test/resources/golden/config-defaults.json").toFile());

  /// Two float32 implementations that sum in different orders; the bound the project sets itself.
  private static final double TOLERANCE = 1e-4;

  /// transformers takes powers in float32.
  private static final double FREQUENCY_TOLERANCE = 1e-6;

  /// transformers rotates one and a half pairs as two; no published model asks for it.
  private static final String REFUSED_HERE = "stablelm-parallel without partial_rotary_factor";

  @TempDir private Path folder;

  static Stream<String> checkpoints() {
    return rows().map(row -> row.path("checkpoint").asString()).distinct();
  }

  private static Stream<JsonNode> rows() {
    return StreamSupport.stream(GOLDEN.path("rows").spliterator(), false);
  }

  /// Every key of every tiny configuration, also inside the objects it holds.
  @ParameterizedTest
  @MethodSource("checkpoints")
  void anAbsentKeyMeansWhatTransformersMakesOfIt(String checkpoint) throws IOException {
    link(checkpoint);
    for (var row :
        rows().filter(row -> row.path("checkpoint").asString().equals(checkpoint)).toList()) {
      String key = row.path("without").asString();
      try (var _ = Scope.open();
          var files = without(checkpoint, key)) {
        boolean refusedHere = REFUSED_HERE.equals(checkpoint + " without " + key);
        if (row.has("refused") || refusedHere) {
          assertThatThrownBy(() -> Family.load(files, DType.F32))
              .as("%s without %s, of which transformers says: %s", checkpoint, key, row)
              .hasMessageNotContaining("\n")
              .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
        } else {
          sameReading(checkpoint + " without " + key, files, row);
        }
      }
    }
  }

  private static void sameReading(String as, ModelFiles files, JsonNode row) throws IOException {
    sameSizes(as, Writers.of(files).config(), row.path("sizes"));
    if (!row.has("blocks")) {
      return;
    }
    var model = Family.load(files, DType.F32);
    try (var golden = Checkpoints.golden(Checkpoints.named(row.path("checkpoint").asString()))) {
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      for (int layer = 0; layer < model.blocks().size(); layer++) {
        var block = row.path("blocks").get(layer);
        sameBlock(as + ", layer " + layer, model.blocks().get(layer), block, ids.size());
      }
      var all = new Forward(model, 64).lastLogits(List.of(ids), HookPlan.none()).toFloats();
      var expected = row.path("logits");
      double scale = 0;
      for (var logit : expected) {
        scale = Math.max(scale, Math.abs(logit.asDouble()));
      }
      for (int i = 0; i < expected.size(); i++) {
        assertThat((double) all[i])
            .as("%s, logit %d", as, i)
            .isCloseTo(expected.get(i).asDouble(), within(TOLERANCE * scale));
      }
    }
  }

  private static void sameSizes(String as, ModelConfig config, JsonNode sizes) {
    var found =
        JSON.createObjectNode()
            .put("n_layers", config.nLayers())
            .put("d_model", config.dModel())
            .put("n_heads", config.nHeads())
            .put("n_kv_heads", config.nKvHeads())
            .put("d_head", config.dHead())
            .put("d_mlp", config.dMlp())
            .put("d_vocab", config.dVocab())
            .put("n_ctx", config.nCtx());
    assertThat(found).as(as).isEqualTo(sizes);
  }

  private static void sameBlock(String as, Block block, JsonNode expected, int tokens) {
    assertThat(epsilon(block)).as("%s: eps", as).isEqualTo(expected.path("eps").asDouble());
    int window =
        block.mixer() instanceof Attention attention
            ? attention.scoring().reach().size().orElse(0)
            : 0;
    assertThat(window).as("%s: window", as).isEqualTo(expected.path("window").asInt());
    var rotary = block.mixer().rope();
    assertThat(rotary.isPresent()).as(as).isEqualTo(!expected.path("frequencies").isEmpty());
    rotary.ifPresent(
        rope -> {
          var found = rope.frequencies(tokens);
          var frequencies = expected.path("frequencies");
          assertThat(found.magnitude())
              .as("%s: magnitude", as)
              .isCloseTo(expected.path("magnitude").asDouble(), within(FREQUENCY_TOLERANCE));
          assertThat(found.inverse()).as(as).hasSize(frequencies.size());
          for (int i = 0; i < frequencies.size(); i++) {
            double frequency = frequencies.get(i).asDouble();
            assertThat(found.inverse().get(i))
                .as("%s: frequency %d", as, i)
                .isCloseTo(frequency, within(FREQUENCY_TOLERANCE * frequency));
          }
        });
  }

  private static double epsilon(Block block) {
    var norms = block.norms();
    var norm =
        norms.beforeAttention() instanceof Norm.Identity
            ? norms.afterAttention()
            : norms.beforeAttention();
    return switch (norm) {
      case Norm.Rms rms -> rms.eps();
      case Norm.Layer layer -> layer.eps();
      case Norm.LayerByHead byHead -> byHead.eps();
      case Norm.Identity _ -> Double.NaN;
    };
  }

  @Test
  void aConfigurationThatOnlyNamesItsFamilyHasTheSizesOfTheClass() throws IOException {
    link("llama-f16"); // any weights: sizes are read without them
    for (var family : GOLDEN.path("bare").properties()) {
      write(JSON.createObjectNode().put("model_type", family.getKey()));
      try (var files = ModelLocator.open(folder)) {
        sameSizes(family.getKey(), Writers.of(files).config(), family.getValue());
      }
    }
  }

  @Test
  void everyFamilyHasItsClassAndNoOther() {
    assertThat(ConfigClasses.families()).isEqualTo(Family.known().keySet());
  }

  private void link(String checkpoint) throws IOException {
    try (var files = Files.list(Checkpoints.named(checkpoint))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("config.json") && !name.equals("golden.safetensors")) {
          Files.createSymbolicLink(folder.resolve(name), file.toAbsolutePath());
        }
      }
    }
  }

  private ModelFiles without(String checkpoint, String path) throws IOException {
    var file = Checkpoints.named(checkpoint).resolve("config.json");
    var config = (ObjectNode) JSON.readTree(file.toFile());
    var names = List.of(path.split("/"));
    var parent = config;
    for (String name : names.subList(0, names.size() - 1)) {
      parent = (ObjectNode) parent.get(name);
    }
    parent.remove(names.getLast());
    write(config);
    return ModelLocator.open(folder);
  }

  private void write(ObjectNode config) throws IOException {
    Path file = folder.resolve("config.json");
    Files.deleteIfExists(file); // a file that is cut and written again waits for the disk
    Files.writeString(file, config.toString());
  }
}
