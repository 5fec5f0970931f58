package dev.demur.model.forward;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Placement.Span;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// A card computes what the host does. For machines with one: `-Dtests.groups=gpu`, or
/// `bench/device/run.sh` where there is no JDK. `-Ddemur.devices=lazy` tries the suite itself.
@Tag("gpu")
@Scoped
class CardTest {

  private static final Device CARD = Devices.card();

  /// Float32 sums in another order, through a few layers of 64.
  private static final Tolerance FLOAT32 =
      Tolerance.ofLargestOrOne(1e-5, "float32 sums in another order");

  /// Eight bits of mantissa, rounded at each of some ten matrices.
  private static final Tolerance BFLOAT16 =
      Tolerance.ofLargestOrOne(0.05, "bfloat16 rounds each product to 2⁻⁸");

  /// As above; the likeliest of two logits that near may change places.
  private static final double ROUNDED = 0.05;

  private static final int NEW_TOKENS = 12;

  @BeforeAll
  static void there() {
    Devices.require(CARD);
  }

  @EveryCheckpoint
  void float32IsTheHosts(Path folder) throws IOException {
    assertSame(folder, DType.F32, Placement.on(CARD), FLOAT32);
  }

  @EveryCheckpoint
  void bfloat16IsTheHostsUpToItsRounding(Path folder) throws IOException {
    assertSame(folder, DType.BF16, Placement.on(CARD), BFLOAT16);
  }

  @EveryCheckpoint
  void blocksOnTheCardAndOnTheHostAreOneModel(Path folder) throws IOException {
    var split = new Placement(List.of(new Span(CARD, 1), new Span(Device.CPU, Integer.MAX_VALUE)));
    assertSame(folder, DType.F32, split, FLOAT32);
  }

  /// With a cache, many sequences in a pass and each somewhere else, as without one, whole.
  @EveryCheckpoint
  void bfloat16WrittenTokenByTokenIsTheLikeliestOfWholePasses(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var prompts = Checkpoints.prompts(golden);
      var card = Family.load(files, new Holding(DType.BF16, Quantised.DECODED, Placement.on(CARD)));
      var options = new GenerationOptions(NEW_TOKENS, 4, new Sampler.Greedy(), Set.of());
      var written = new Generator(card, options, HookPlan.none()).complete(prompts, _ -> {});
      var before = new ArrayList<TokenIds>();
      var last = new ArrayList<Integer>();
      for (int i = 0; i < prompts.size(); i++) {
        var tokens = written.get(i).tokens();
        before.add(prompts.get(i).plus(tokens.slice(0, tokens.size() - 1)));
        last.add(tokens.toList().getLast());
      }
      var logits = new Forward(card).lastLogits(before, HookPlan.none());
      for (int i = 0; i < last.size(); i++) {
        double chosen = logits.row(i).toFloats()[last.get(i)];
        double likeliest = logits.row(i).max();
        assertThat(chosen).isCloseTo(likeliest, within(ROUNDED * Math.max(1, Math.abs(likeliest))));
      }
    }
  }

  private static void assertSame(Path folder, DType dtype, Placement placement, Tolerance within)
      throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var prompts = Checkpoints.prompts(golden);
      var host = Family.load(files, new Holding(dtype, Quantised.DECODED));
      var card = Family.load(files, new Holding(dtype, Quantised.DECODED, placement));
      for (var plan : List.of(HookPlan.none(), ablation(host))) {
        assertClose(
            new Forward(card).lastLogits(prompts, plan),
            new Forward(host).lastLogits(prompts, plan),
            within);
      }
      if (dtype == DType.F32) {
        var options = new GenerationOptions(NEW_TOKENS, 4, new Sampler.Greedy(), Set.of());
        assertThat(new Generator(card, options, HookPlan.none()).complete(prompts, _ -> {}))
            .isEqualTo(new Generator(host, options, HookPlan.none()).complete(prompts, _ -> {}));
      }
    }
  }

  private static HookPlan ablation(Transformer model) {
    var unit = Tensor.gaussian(new SplittableRandom(1), model.config().dModel());
    var direction = unit.times(1 / unit.norm());
    var plan = HookPlan.none().scaleAlong(new HookPoint(0, Site.RESID_PRE), direction, 0);
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (var site : List.of(Site.ATTN_OUT, Site.MLP_OUT)) {
        plan = plan.scaleAlong(new HookPoint(layer, site), direction, 0);
      }
    }
    return plan;
  }
}
