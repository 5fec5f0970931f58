package dev.demur.model.arch.family;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.WithConfig;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Tiny checkpoints against Hugging Face transformers in float32 (tools/golden/checkpoints.py).
@Scoped
@EveryDevice
class TransformersParityTest {

  private static final int NEW_TOKENS = 16;

  private static final Path GGUF = Path.of("src/test/resources/golden/gguf-families");

  /// Checkpoints whose query scale, local RoPE base, window pattern or mscale is not what every
  /// published model has; GGUF has no key for them.
  private static final Set<String> NOT_IN_METADATA =
      Set.of("cohere2", "deepseek-v3", "gemma2", "gemma3");

  @EveryCheckpoint
  void streamsAndLogitsEqualTransformers(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var transformer = Family.load(files, Devices.held(DType.F32));
      var forward = new Forward(transformer);
      for (int i = 0; golden.names().contains("prompt." + i + ".tokens"); i++) {
        String prompt = "prompt." + i + ".";
        var ids = Checkpoints.ids(golden, prompt + "tokens");
        Map<String, Seen> seen = new HashMap<>();
        var logits = forward.logits(ids, recording(transformer, golden, prompt, seen));
        assertClose(
            prompt + "logits", logits, Checkpoints.tensor(golden, prompt + "logits"), FLOAT32);
        seen.forEach(
            (name, value) -> assertClose(name, value.tensor(), read(golden, name), FLOAT32));
      }
    }
  }

  static Stream<Named<Path>> variants() throws IOException {
    try (var files = Files.walk(Checkpoints.folder(), 3)) {
      return files
          .filter(path -> path.getParent().endsWith("variants"))
          .filter(variant -> Checkpoints.isOfAKnownFamily(variant.getParent().getParent()))
          .sorted()
          .map(folder -> Named.of(Checkpoints.folder().relativize(folder).toString(), folder))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void otherRopeSettingsEqualTransformers(Path variant) throws IOException {
    var config = new JsonMapper().readTree(variant.resolve("config.json"));
    try (var files = ModelLocator.open(variant.getParent().getParent());
        var golden = Safetensors.open(variant.resolve("golden.safetensors"))) {
      var transformer = Family.load(new WithConfig(files, config), Devices.held(DType.F32));
      Map<String, Seen> seen = new HashMap<>();
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var plan = recording(transformer, golden, "prompt.0.", seen);
      // The prompt is longer than the context, where rotations that depend on length change; so it
      // goes to the blocks directly, past the check of a prompt's length.
      var pass = new Pass(Rows.single(0, ids.size()), new Past.Nothing(), plan);
      var embedded = transformer.embed(Tensor.ofIndices(ids.stream()), pass);
      var logits = transformer.unembed(transformer.lastRows(embedded, 0, pass));
      assertClose(
          "logits", logits.row(0), Checkpoints.tensor(golden, "prompt.0.last_logits"), FLOAT32);
      assertThat(seen).isNotEmpty();
      seen.forEach((name, value) -> assertClose(name, value.tensor(), read(golden, name), FLOAT32));
    }
  }

  static Stream<Named<Path>> ggufFiles() throws IOException {
    try (var files = Files.list(GGUF)) {
      return files
          .filter(file -> file.toString().endsWith(".gguf"))
          .sorted()
          .map(file -> Named.of(file.getFileName().toString(), file))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("ggufFiles")
  void aGgufOfAFolderGivesItsLogits(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".gguf", "");
    try (var gguf = ModelLocator.open(file);
        var folder = Checkpoints.open(Checkpoints.named(name));
        var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var files = NOT_IN_METADATA.contains(name) ? new WithConfig(gguf, folder.config()) : gguf;
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)));
      var logits = forward.logits(Checkpoints.ids(golden, "prompt.1.tokens"), HookPlan.none());
      assertClose("logits", logits, Checkpoints.tensor(golden, "prompt.1.logits"), FLOAT32);
    }
  }

  @EveryCheckpoint
  void greedyContinuationsAreIdentical(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var transformer = Family.load(files, Devices.held(DType.F32));
      for (int i = 0; golden.names().contains("prompt." + i + ".tokens"); i++) {
        String prompt = "prompt." + i + ".";
        var ids = Checkpoints.ids(golden, prompt + "tokens");
        assertThat(greedy(transformer, ids)).isEqualTo(Checkpoints.ids(golden, prompt + "greedy"));
      }
    }
  }

  /// With a cache, but for models whose keys would be rotated otherwise in a longer sequence: there
  /// the reference is computed by whole passes.
  private static TokenIds greedy(Transformer transformer, TokenIds prompt) {
    if (transformer.prefixStandsAlone(prompt.size(), prompt.size() + NEW_TOKENS)) {
      var options = new GenerationOptions(NEW_TOKENS, 4, new Sampler.Greedy(), Set.of());
      var generator = new Generator(transformer, options, HookPlan.none());
      return generator.complete(List.of(prompt), _ -> {}).getFirst().tokens();
    }
    var forward = new Forward(transformer);
    var written = TokenIds.of();
    while (written.size() < NEW_TOKENS) {
      var logits = forward.lastLogits(List.of(prompt.plus(written)), HookPlan.none());
      written = written.plus(TokenIds.of((int) logits.argmax().item()));
    }
    return written;
  }

  @EveryCheckpoint
  void editsEqualTransformersHooks(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)));
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var unit = Checkpoints.tensor(golden, "direction");
      var raw = Checkpoints.tensor(golden, "direction_raw");
      var ablation = HookPlan.none();
      for (int layer = 0; layer < forward.transformer().config().nLayers(); layer++) {
        for (var site : List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT)) {
          ablation =
              ablation.edit(
                  new HookPoint(layer, site), x -> x.plusOuter(x.dotRows(unit).times(-1), unit));
        }
      }
      var addition = HookPlan.none().edit(new HookPoint(1, Site.RESID_PRE), x -> x.plus(raw));
      assertClose(
          "ablated",
          forward.logits(ids, ablation),
          Checkpoints.tensor(golden, "prompt.0.ablated.logits"),
          FLOAT32);
      assertClose(
          "actadd",
          forward.logits(ids, addition),
          Checkpoints.tensor(golden, "prompt.0.actadd.logits"),
          FLOAT32);
    }
  }

  /// Probes for every activation the golden file holds of a prompt.
  private static HookPlan recording(
      Transformer transformer, Safetensors golden, String prompt, Map<String, Seen> seen) {
    var plan = HookPlan.none();
    for (var at : HookPoint.all(transformer.config().nLayers())) {
      String name = prompt + at;
      if (golden.names().contains(name)) {
        plan = plan.probe(at, (x, _) -> seen.put(name, Seen.of(x)));
      }
    }
    return plan;
  }

  /// An activation copied out of the pass that made it.
  private record Seen(float[] values, long[] shape) {
    static Seen of(Tensor x) {
      return new Seen(x.toFloats(), x.shape().stream().mapToLong(Long::longValue).toArray());
    }

    Tensor tensor() {
      return Tensor.of(values, shape);
    }
  }

  private static Tensor read(Safetensors golden, String name) {
    try {
      return Checkpoints.tensor(golden, name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
