package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Experts of a layer in two tensors, as Qwen3.5 is published, are the experts one by one, as
/// transformers saves them.
@Scoped
class FusedExpertsTest {

  private static final Pattern EXPERT =
      Pattern.compile("(.*mlp\\.experts\\.)(\\d+)\\.(gate|up|down)_proj\\.weight");

  /// The same numbers at other addresses: MKL, which an installed PyTorch multiplies with, sums in
  /// an order that depends on them.
  private static final float ALIGNED = 1e-5f;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"qwen3.5-moe", "qwen3-moe"})
  void areTheExpertsOneByOne(String checkpoint) throws IOException {
    Path source = Checkpoints.named(checkpoint);
    Path fused = Checkpoints.copy(source, folder);
    try (var files = Checkpoints.open(source);
        var golden = Checkpoints.golden(source)) {
      Files.delete(fused.resolve("model.safetensors"));
      write(files, fused.resolve("model.safetensors"));
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      var apart = new Forward(Family.load(files, DType.F32), 64).logits(ids, HookPlan.none());
      try (var whole = ModelLocator.open(fused)) {
        assertThat(whole.weights().names()).noneMatch(EXPERT.asMatchPredicate());
        var model = Family.load(whole, DType.F32);
        assertThat(new Forward(model, 64).logits(ids, HookPlan.none()).toFloats())
            .containsExactly(apart.toFloats(), within(ALIGNED));
        assertThat(Writers.of(whole).tensors())
            .filteredOn(writer -> writer.tensor().endsWith("experts.down_proj"))
            .isNotEmpty()
            .extracting(StreamWriter::layout)
            .containsOnly(Layout.COLUMNS);
      }
    }
  }

  private static void write(ModelFiles files, Path out) throws IOException {
    Map<String, Tensor> stacks = new TreeMap<>();
    try (var writer = SafetensorsWriter.create(out)) {
      for (String name : files.weights().names()) {
        var expert = EXPERT.matcher(name);
        if (!expert.matches()) {
          writer.write(name, files.weights().load(name, DType.F32));
        } else if (expert.group(2).equals("0") && expert.group(3).equals("down")) {
          fuse(files, expert.group(1), stacks);
        }
      }
      for (var stack : stacks.entrySet()) {
        writer.write(stack.getKey(), stack.getValue());
      }
      writer.finish();
    }
  }

  private static void fuse(ModelFiles files, String prefix, Map<String, Tensor> stacks)
      throws IOException {
    var gateUp = new ArrayList<Tensor>();
    var down = new ArrayList<Tensor>();
    for (int i = 0; files.weights().names().contains(prefix + i + ".down_proj.weight"); i++) {
      var gate = files.weights().load(prefix + i + ".gate_proj.weight", DType.F32);
      var up = files.weights().load(prefix + i + ".up_proj.weight", DType.F32);
      gateUp.add(Tensor.cat(List.of(gate, up), 0));
      down.add(files.weights().load(prefix + i + ".down_proj.weight", DType.F32));
    }
    stacks.put(prefix + "gate_up_proj", Tensor.stack(gateUp));
    stacks.put(prefix + "down_proj", Tensor.stack(down));
  }
}
