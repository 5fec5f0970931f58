package dev.demur.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.Scoped;
import dev.demur.model.arch.MixtureOfExperts.Routing;
import dev.demur.model.arch.Placement.Span;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A pass keeps to its device. Every family runs on `meta`, where tensors have shapes and no
/// numbers: an operation that reads a number, or that the host would have to answer, fails there as
/// it would stall on a card.
@Scoped
class DeviceLawsTest {

  /// Two orders of float32 sums over at most 64 terms.
  private static final double ROUNDING = 5e-5;

  @EveryCheckpoint
  void aPassKeepsToItsDevice(Path folder) throws IOException {
    assumeTrue(Devices.withShapes());
    try (var files = Checkpoints.open(folder);
        var _ = Torch.inference()) {
      var there = Placement.on(Device.META);
      var model = Family.load(files, new Holding(DType.BF16, Holding.Quantised.DECODED, there));
      assertRuns(model);
    }
  }

  /// In float32, whose passes above would be the same but for their type.
  @EveryCheckpoint
  void aPassGoesFromDeviceToDeviceWithItsBlocks(Path folder) throws IOException {
    assumeTrue(Devices.withShapes());
    try (var files = Checkpoints.open(folder);
        var _ = Torch.inference()) {
      // The bias of a tied unembedding follows its matrix to the host, which takes numbers.
      var names = files.weights().names();
      assumeTrue(names.contains("lm_head.weight") || !names.contains("lm_head.bias"));
      var spans = List.of(new Span(Device.CPU, 1), new Span(Device.META, Integer.MAX_VALUE));
      var split = new Holding(DType.F32, Holding.Quantised.DECODED, new Placement(spans));
      assertRuns(Family.load(files, split));
    }
  }

  /// A prompt of each of two lengths with edits at all sites, then a token behind each.
  private static void assertRuns(Transformer model) {
    var config = model.config();
    var plan = editing(model);
    var rows = Rows.of(List.of(0, 1), List.of(5, 3));
    var cache = model.cache(model.cacheType(), 2, 8);
    var past = new Past.Slots(cache, List.of(0, 1));
    var prompt = new Pass(rows, past, plan);
    var last = model.lastRows(model.embed(ids(8), prompt), 0, prompt);
    if (!isLeftOnTheHost(model)) {
      assertIs(model.unembed(last), 2, config.dVocab());
      assertIs(model.greedy(last), 2);
    }
    var one = new Pass(Rows.from(List.of(0, 1), List.of(1, 1), List.of(0, 0)), past, plan);
    assertIs(model.lastRows(model.embed(ids(2), one), 0, one), 2, config.dModel());
    var alone = new Pass(rows, new Past.Nothing(), HookPlan.none());
    var stream = model.stream(model.embed(ids(8), alone), 0, config.nLayers(), alone);
    assertIs(model.normalised(stream, alone), 8, config.dModel());
  }

  /// A tied unembedding of a split model lies with the embedding; what has no numbers cannot be
  /// brought there. Devices with numbers are held to it in [SplitModelTest].
  private static boolean isLeftOnTheHost(Transformer model) {
    return model.unembedding().matrix().matrix().device().isHost();
  }

  /// Adds a vector of the host's wherever the model has a stream, and scales what else it has.
  private static HookPlan editing(Transformer model) {
    var config = model.config();
    var vector = Tensor.gaussian(new SplittableRandom(1), config.dModel());
    var plan = HookPlan.none();
    for (int layer = 0; layer < config.nLayers(); layer++) {
      for (var site : Site.values()) {
        if (site == Site.LN_FINAL || site == Site.PATTERN_LAST) {
          continue;
        }
        var at = new HookPoint(layer, site);
        if (!model.has(at)) {
          continue;
        }
        boolean stream =
            switch (site) {
              case RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT -> true;
              case Q, K, V, Z, ATTN_SCORES, PATTERN, PATTERN_LAST, MLP_POST, LN_FINAL -> false;
            };
        plan =
            stream
                ? plan.edit(at, x -> x.plusOuter(x.dotRows(vector).times(-1), vector).plus(vector))
                : plan.editAt(at, Positions.last(), x -> x.times(0.5));
      }
    }
    return plan;
  }

  private static Tensor ids(int count) {
    return Tensor.ofIndices(IntStream.range(0, count));
  }

  private static void assertIs(Tensor tensor, Integer... shape) {
    assertThat(tensor.device()).isEqualTo(Device.META);
    assertThat(tensor.shape()).extracting(Math::toIntExact).containsExactly(shape);
  }

  @EveryCheckpoint
  void everyExpertOnAllTokensIsEachOnItsOwn(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var _ = Torch.inference()) {
      for (var block : Family.load(files, DType.F32).blocks()) {
        if (block.mlp().routed().isPresent()) {
          var experts = block.mlp().routed().get();
          var x = Tensor.gaussian(new SplittableRandom(2), 7, experts.router().matrix().columns());
          float[] byAll = experts.apply(x, x, Routing.BY_ALL).toFloats();
          float[] grouped = experts.apply(x, x, Routing.GROUPED).toFloats();
          assertThat(byAll).containsExactly(grouped, within((float) ROUNDING));
        }
      }
    }
  }

  @Test
  void theHostCannotReadADevicesMemory() {
    var there = Tensor.zeros(Device.META, DType.F32, 3);
    assertThatThrownBy(there::segment)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a tensor on meta is no memory of the host's");
  }

  /// libtorch multiplies shapes with numbers, so that a pass on `meta` with a matrix left on the
  /// host was held to nothing.
  @Test
  void aMatrixOnAnotherDeviceIsRefused() {
    var there = Tensor.zeros(Device.META, DType.F32, 2, 3);
    var matrix = Tensor.zeros(DType.F32, 4, 3);
    var bias = Tensor.zeros(DType.F32, 4);
    assertThatThrownBy(() -> Neural.linear(there, matrix, Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a product of what lies on meta with a matrix on cpu");
    assertThatThrownBy(() -> Neural.linear(there, matrix.on(Device.META), Optional.of(bias)))
        .hasMessage("a product of what lies on cpu with a matrix on meta");
  }

  @Test
  void quantisedMatricesStayInTheirFilesOnTheHostAlone() {
    assertThatThrownBy(
            () ->
                new Holding(DType.BF16, Holding.Quantised.AS_STORED, Placement.on(Device.cuda(0))))
        .hasMessage("matrices can only stay as stored on the cpu, not on cuda:0");
  }
}
