package dev.demur.model.arch.writer;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Beside;
import dev.demur.model.arch.Recurrent;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What heads write, on every family's tiny checkpoints.
@Scoped
@EveryDevice
class WrittenAlongTest {

  private static final Tolerance RELATIVE =
      Tolerance.ofLargest(
          1e-4,
          "the bound the project sets itself: sums of a few hundred float32 terms in another"
              + " order");

  @EveryCheckpoint
  void embeddingHeadsMlpsAndBiasesSumToTheProjection(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      assumeTrue(headsSumToAttnOut(model));
      assumeTrue(model.blocks().stream().allMatch(block -> block.ending().scale() == 1), "a sum");
      var unit = TinyModels.unit(new Random(TinyModels.SEED), model.config().dModel());
      var run = Run.of(model, folder);
      var along = WrittenAlong.of(model, unit);
      var sum = run.at(0, Site.RESID_PRE).dotRows(unit);
      double size = sum.abs().max();
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        assertClose(run.at(layer, Site.RESID_PRE).dotRows(unit), sum, RELATIVE.at(size));
        var shares = along.shares(layer, run.at(layer, Site.Z));
        var mlp = run.at(layer, Site.MLP_OUT).dotRows(unit);
        sum = sum.plus(shares.heads().sum(1)).plus(shares.bias()).plus(mlp);
        size = Math.max(size, sum.abs().max());
      }
      int last = model.config().nLayers() - 1;
      assertClose(run.at(last, Site.RESID_POST).dotRows(unit), sum, RELATIVE.at(size));
    }
  }

  @EveryCheckpoint
  void headOutputsAndWhatIsLeftWithoutHeadsSumToAttnOut(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      assumeTrue(headsSumToAttnOut(model));
      var unit = TinyModels.unit(new Random(TinyModels.SEED), model.config().dModel());
      var run = Run.of(model, folder);
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        var z = run.at(layer, Site.Z);
        var shares = WrittenAlong.of(model, unit).shares(layer, z);
        var outputs = HeadWriting.outputs(model, layer, z);
        double size = run.at(layer, Site.ATTN_OUT).abs().max();
        int last = Math.toIntExact(z.dim(0)) - 1;
        assertClose(
            "head 0's share",
            WrittenAlong.of(model, unit).share(layer, 0, z.narrow(0, last, 1)),
            shares.heads().row(last).narrow(0, 0, 1).item(),
            RELATIVE.at(size));
        assertClose(
            shares.heads(),
            outputs.matmul(unit.unsqueeze(1)).reshape(z.dim(0), -1),
            RELATIVE.at(size));
        var rest = run.at(layer, Site.ATTN_OUT).minus(outputs.sum(1));
        assertClose(shares.bias(), rest.dotRows(unit), RELATIVE.at(size));
      }
    }
  }

  @EveryCheckpoint
  void theTokensAHeadReadsSumToItsShare(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      assumeTrue(headsSumToAttnOut(model));
      var unit = TinyModels.unit(new Random(TinyModels.SEED), model.config().dModel());
      var along = WrittenAlong.of(model, unit);
      var run = Run.of(model, folder);
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        var z = run.at(layer, Site.Z);
        if (model.blocks().get(layer).mixer() instanceof Recurrent) {
          int recurrent = layer;
          assertThatThrownBy(() -> along.bySource(recurrent, z, z, z))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("a recurrence instead of attention");
          continue;
        }
        if (!model.has(new HookPoint(layer, Site.V))) {
          continue; // it looks at another layer's
        }
        var shares = along.shares(layer, z).heads();
        for (long query : List.of(z.dim(0) - 1, z.dim(0) / 2)) {
          var pattern = run.at(layer, Site.PATTERN).transpose(0, 1).row(query);
          var sources =
              along.bySource(layer, pattern, run.at(layer, Site.V), z.narrow(0, query, 1));
          assertThat(sources.shape()).isEqualTo(List.of(z.dim(1), z.dim(0)));
          assertClose(sources.sum(1), shares.row(query), RELATIVE.at(sources.abs().max()));
        }
      }
    }
  }

  @EveryCheckpoint
  void theLastRowOfThePatternIsSeenAlone(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var run = Run.of(model, folder);
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        if (!model.has(new HookPoint(layer, Site.PATTERN))) {
          assertThat(model.blocks().get(layer).mixer()).isInstanceOf(Recurrent.class);
          continue;
        }
        var whole = run.at(layer, Site.PATTERN);
        assertClose(
            run.at(layer, Site.PATTERN_LAST), whole.narrow(1, whole.dim(1) - 1, 1), RELATIVE.at(1));
      }
      assertThatThrownBy(() -> HookPlan.none().edit(new HookPoint(0, Site.PATTERN_LAST), x -> x))
          .hasMessageContaining("can only be read");
    }
  }

  @EveryCheckpoint
  void everyFamilyHasGoldenPatternsOfTransformers(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      // Compared by TransformersParityTest, with every other site the file holds.
      var model = Family.load(files, Devices.held(DType.F32));
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        assertThat(golden.names()).contains("prompt.0.blocks." + layer + ".attn.hook_z");
        String pattern = "prompt.0.blocks." + layer + ".attn.hook_pattern";
        assertThat(golden.names().contains(pattern))
            .as(pattern)
            .isEqualTo(model.has(new HookPoint(layer, Site.PATTERN)));
      }
    }
  }

  @EveryCheckpoint
  void whereHeadsDoNotSumToAttnOutNothingIsAttributed(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      assumeTrue(!headsSumToAttnOut(model));
      var unit = TinyModels.unit(new Random(TinyModels.SEED), model.config().dModel());
      assertThatThrownBy(() -> WrittenAlong.of(model, unit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("what heads write does not sum to attn_out");
    }
  }

  private static boolean headsSumToAttnOut(Transformer model) {
    return model.blocks().stream().noneMatch(block -> block.mixer() instanceof Beside);
  }

  /// Every site of one prompt.
  private record Run(Map<HookPoint, Values> seen) {

    /// An activation copied out of the pass that made it.
    private record Values(float[] values, long[] shape) {}

    static Run of(Transformer model, Path folder) throws IOException {
      try (var golden = Checkpoints.golden(folder)) {
        Map<HookPoint, Values> seen = new HashMap<>();
        var plan = HookPlan.none();
        for (var at : HookPoint.all(model.config().nLayers())) {
          if (model.has(at)) {
            plan = plan.probe(at, (x, _) -> seen.put(at, values(x)));
          }
        }
        new Forward(model, 64).run(List.of(Checkpoints.ids(golden, "prompt.0.tokens")), plan);
        return new Run(seen);
      }
    }

    private static Values values(Tensor x) {
      return new Values(x.toFloats(), x.shape().stream().mapToLong(Long::longValue).toArray());
    }

    Tensor at(int layer, Site site) {
      var found = seen.get(new HookPoint(layer, site));
      assertThat(found).as("blocks." + layer + "." + site).isNotNull();
      return Tensor.of(found.values(), found.shape());
    }
  }
}
