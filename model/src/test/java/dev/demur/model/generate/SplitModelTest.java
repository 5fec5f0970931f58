package dev.demur.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Placement.Span;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.forward.Capture;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks on several devices are one model. A lazy device stands for a card: what lies there does
/// not lie on the host, and an operation that mixes both fails.
@Scoped
class SplitModelTest {

  private static final int NEW_TOKENS = 3;

  /// Float32 sums in another order, through a few layers of 64.
  private static final float ROUNDING = 1e-4f;

  @BeforeAll
  static void there() {
    Devices.require(Device.LAZY);
  }

  /// Plain attention; keys that later blocks look at; states behind tokens; a bias on the logits.
  @ParameterizedTest
  @ValueSource(strings = {"qwen2-untied", "gemma4-small", "qwen3-next", "phi"})
  void onTwoDevicesItComputesWhatItDoesOnOne(String name) throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named(name));
        var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var prompts = Checkpoints.prompts(golden).subList(0, 2);
      var whole = Family.load(files, held(Placement.host()));
      var plan = edits(whole);
      float[] expected = logits(whole, prompts, plan);
      var halves = Family.load(files, held(split(Device.CPU, Device.CPU)));
      assertThat(logits(halves, prompts, plan)).containsExactly(expected);
      for (var mixed : List.of(split(Device.LAZY, Device.CPU), split(Device.CPU, Device.LAZY))) {
        assertThat(logits(Family.load(files, held(mixed)), prompts, plan))
            .as(mixed.toString())
            .containsExactly(expected, within(ROUNDING));
      }
    }
  }

  @Test
  void itWritesAndIsReadOnTwoDevicesAsOnOne() throws IOException {
    String name = "qwen2-untied";
    try (var files = Checkpoints.open(Checkpoints.named(name));
        var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var prompts = Checkpoints.prompts(golden).subList(0, 2);
      var whole = Family.load(files, held(Placement.host()));
      var split = Family.load(files, held(split(Device.LAZY, Device.CPU)));
      var plan = edits(whole);
      assertThat(written(split, prompts, plan)).isEqualTo(written(whole, prompts, plan));
      assertThat(served(split, prompts.getFirst(), plan))
          .isEqualTo(written(whole, prompts.subList(0, 1), plan));
      assertThat(read(split, prompts, plan))
          .containsExactly(read(whole, prompts, plan), within(ROUNDING));
      assertThat(fromTheMiddle(split, prompts))
          .containsExactly(fromTheMiddle(whole, prompts), within(ROUNDING));
    }
  }

  private static Holding held(Placement placement) {
    return new Holding(DType.F32, Quantised.DECODED, placement);
  }

  private static Placement split(Device first, Device second) {
    return new Placement(List.of(new Span(first, 1), new Span(second, Integer.MAX_VALUE)));
  }

  /// An ablation along a vector of the host's in every block, and an edit behind where blocks
  /// change hands.
  private static HookPlan edits(Transformer model) {
    var unit = TinyModels.unit(new Random(1), model.config().dModel());
    var plan = HookPlan.none().edit(new HookPoint(1, Site.RESID_PRE), x -> x.times(1.5));
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      plan = plan.scaleAlong(new HookPoint(layer, Site.MLP_OUT), unit, 0);
    }
    return plan;
  }

  private static float[] logits(Transformer model, List<TokenIds> prompts, HookPlan plan) {
    return new Forward(model).lastLogits(prompts, plan).toFloats();
  }

  private static List<TokenIds> written(Transformer model, List<TokenIds> prompts, HookPlan plan) {
    var options = new GenerationOptions(NEW_TOKENS, 2, new Sampler.Greedy(), Set.of());
    return new Generator(model, options, plan)
        .complete(prompts, _ -> {}).stream().map(written -> written.tokens()).toList();
  }

  private static List<TokenIds> served(Transformer model, TokenIds prompt, HookPlan plan) {
    try (var engine = Engine.start(model, new EngineOptions(2, 64, 8, 8, 1))) {
      var heard = new Heard();
      engine.submit(Request.of(prompt, Set.of(), NEW_TOKENS).with(plan), heard);
      return List.of(heard.completion().tokens());
    }
  }

  /// What a probe on either side of the border sees.
  private static float[] read(Transformer model, List<TokenIds> prompts, HookPlan plan) {
    var capture = Capture.at(Site.RESID_PRE).layers(0, 1).last();
    try (var kept = new Forward(model).run(prompts, capture, plan)) {
      var points = List.of(new HookPoint(0, Site.RESID_PRE), new HookPoint(1, Site.RESID_PRE));
      return Tensor.cat(points.stream().map(kept::get).toList(), 0).toFloats();
    }
  }

  /// Logits of a pass that starts behind the border, from streams kept before it.
  private static float[] fromTheMiddle(Transformer model, List<TokenIds> prompts) {
    var forward = new Forward(model);
    var late = HookPlan.none().edit(new HookPoint(1, Site.MLP_OUT), x -> x.times(0.5));
    return forward.lastLogitsFrom(forward.streams(prompts), 1, late).toFloats();
  }
}
