package dev.demur.model.arch.family;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.EveryFamily;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.kit.Tracked;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;

/// Equalities every family must satisfy, on its tiny checkpoints.
@Order(1) // the slowest begin first
@Scoped
@EveryDevice
class FamilyLawsTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(
          5e-5, "two orders of float32 sums over at most 64 terms through a few layers");

  private static final int NEW_TOKENS = 16;

  @EveryCheckpoint
  void aBatchIsItsSingles(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)), 32);
      var first = Checkpoints.ids(golden, "prompt.0.tokens");
      var second = Checkpoints.ids(golden, "prompt.1.tokens");
      var prompts =
          List.of(
              first,
              second,
              second.slice(1, second.size()),
              first.slice(2, first.size()),
              second.slice(0, 3));
      assertSingles(forward, prompts);
      var sharing =
          List.of(
              first.plus(second.slice(0, 3)),
              first.plus(second.slice(1, 6)),
              first.plus(second.slice(2, 5)));
      assertSingles(forward, sharing);
    }
  }

  private static void assertSingles(Forward forward, List<TokenIds> prompts) {
    var batch = forward.lastLogits(prompts, HookPlan.none());
    for (int i = 0; i < prompts.size(); i++) {
      var single = forward.logits(prompts.get(i), HookPlan.none());
      assertClose(batch.row(i), single.row(prompts.get(i).size() - 1), ROUNDING);
    }
  }

  @EveryFamily
  void aBatchWrittenWithACacheIsWhatWholePassesWrite(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var prompts = Checkpoints.prompts(golden);
      assumeTrue(
          prompts.stream().allMatch(p -> model.prefixStandsAlone(p.size(), p.size() + NEW_TOKENS)));
      var twice = Stream.concat(prompts.stream(), prompts.stream()).toList();
      var options = new GenerationOptions(NEW_TOKENS, 3, new Sampler.Greedy(), Set.of());
      var written = new Generator(model, options, HookPlan.none()).complete(twice, _ -> {});
      for (int i = 0; i < twice.size(); i++) {
        var expected = Checkpoints.ids(golden, "prompt." + i % prompts.size() + ".greedy");
        assertThat(written.get(i).tokens()).as("sequence " + i).isEqualTo(expected);
      }
    }
  }

  @EveryCheckpoint
  void theStreamIsTheSumOfWhatWasAdded(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      var parts = new ArrayList<float[]>();
      var last = new ArrayList<float[]>();
      var plan =
          HookPlan.none()
              .probe(
                  new HookPoint(model.config().nLayers() - 1, Site.RESID_POST),
                  (x, _) -> last.add(x.toFloats()));
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        for (var site : List.of(Site.ATTN_OUT, Site.MLP_OUT)) {
          plan = plan.probe(new HookPoint(layer, site), (x, _) -> parts.add(x.toFloats()));
        }
      }
      new Forward(model, 64).run(List.of(ids), plan);
      var sum = model.embed(Tensor.ofIndices(ids.stream()));
      for (int i = 0; i < parts.size(); i += 2) {
        for (var part : parts.subList(i, i + 2)) {
          sum = sum.plus(Tensor.of(part, ids.size(), model.config().dModel()));
        }
        sum = sum.times(model.blocks().get(i / 2).ending().scale());
      }
      var expected = Tensor.of(last.getFirst(), ids.size(), model.config().dModel());
      assertClose(sum, expected, ROUNDING);
    }
  }

  @EveryCheckpoint
  void aSiteABlockDoesNotHaveIsAnError(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var middle = new HookPoint(1, Site.RESID_MID);
      var plan = HookPlan.none().probe(middle, (_, _) -> {});
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var forward = new Forward(model, 64);
      if (model.has(middle)) {
        forward.logits(ids, plan);
      } else {
        assertThatThrownBy(() -> forward.logits(ids, plan))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("blocks.1.hook_resid_mid does not exist");
      }
    }
  }

  @EveryCheckpoint
  void gradientsReachEveryTensor(Path folder) throws IOException {
    try (var files = new Tracked(Checkpoints.open(folder));
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      var pass = new Pass(Rows.single(0, ids.size()), new Past.Nothing(), HookPlan.none());
      var tensor = Tensor.ofIndices(ids.stream());
      var logits =
          model.logits(model.stream(model.embed(tensor, pass), 0, model.config().nLayers(), pass));
      Gradients.backward(Neural.crossEntropy(logits, tensor));
      files
          .loaded()
          .forEach(
              (name, parameter) -> {
                // An expert nobody chose learns nothing, nor does what only chooses, nor what is
                // read as a number: the shape of xIELU, what scales a block.
                if (!name.matches(
                    ".*(\\.experts\\.|(correction|expert)_bias|\\.act_fn\\.|layer_scalar).*")) {
                  assertThat(Gradients.has(parameter)).as(name).isTrue();
                }
              });
    }
  }

  @EveryFamily
  void bfloat16StaysClose(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var coarse = Family.load(files, Devices.held(DType.BF16));
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var logits = new Forward(coarse, 64).logits(ids, HookPlan.none());
      var exact = Checkpoints.tensor(golden, "prompt.0.logits");
      // Eight bits a number; where a rounded score picks another expert, more than that.
      boolean routed = coarse.blocks().stream().anyMatch(b -> b.mlp().routed().isPresent());
      assertThat(logits.minus(exact).square().mean(1).sqrt().max())
          .isLessThan((routed ? 0.5 : 0.1) * exact.abs().max());
      var options = new GenerationOptions(4, 2, new Sampler.Greedy(), Set.of());
      var written =
          new Generator(coarse, options, HookPlan.none()).complete(List.of(ids, ids), _ -> {});
      assertThat(written.getFirst().tokens()).isEqualTo(written.getLast().tokens());
      var stream = coarse.embed(Tensor.ofIndices(IntStream.range(0, 9)));
      assertThat(coarse.greedy(stream).toLongs())
          .containsExactly(coarse.unembed(stream).argmax().toLongs());
    }
  }
}
