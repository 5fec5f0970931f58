package dev.demur.model.forward;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.EveryFamily;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// A plan gives the same numbers in a batch of prompts that share their beginning, alone, with a
/// cache, without one, all at once and token by token: for every family and every site.
@Order(1) // the slowest begin first
@Scoped
@EveryDevice
class HookLawsTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-4, "two orders of float32 sums through a few layers");

  /// One more than the spans tell apart.
  private static final int NEW_TOKENS = 4;

  private static final List<Positions> SPANS =
      List.of(
          Positions.last(),
          Positions.last(3),
          new Positions(-4, -2),
          Positions.prompt(),
          Positions.answer(),
          new Positions(-2, 1),
          Positions.all());

  /// Spans a family with attention alone is tried with: which rows a span means is decided outside
  /// its blocks. Every span meets three of seven families.
  private static final int SPANS_OF_A_FAMILY = 3;

  @EveryFamily
  void aPositionalEditInABatchIsTheSameAlone(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var prompts = sharing(Checkpoints.ids(golden, "prompt.1.tokens"));
      for (var span : spans(model, folder)) {
        var plan = mixed(model, span);
        assertSingles(model, prompts, plan, span.toString(), SPANS.indexOf(span));
        assertFromCache(model, prompts.getFirst(), plan, span.toString());
      }
    }
  }

  /// Ablation at every place, resid_pre of later layers too, which it finds without the direction.
  @EveryFamily
  void aScalingInTheSumIsTheEditOfEachPart(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var prompts = Checkpoints.prompts(golden);
      var raw = Tensor.gaussian(new SplittableRandom(5), model.config().dModel());
      var unit = raw.times(1 / raw.norm());
      var summed = HookPlan.none().scaleAlong(new HookPoint(0, Site.RESID_PRE), unit, 0);
      var edited = HookPlan.none();
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        for (var site : List.of(Site.ATTN_OUT, Site.MLP_OUT)) {
          summed = summed.scaleAlong(new HookPoint(layer, site), unit, 0);
        }
        for (var site : List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT)) {
          edited =
              edited.edit(
                  new HookPoint(layer, site), x -> x.plusOuter(x.dotRows(unit).times(-1), unit));
        }
      }
      var forward = new Forward(model);
      assertClose(
          forward.lastLogits(prompts, summed), forward.lastLogits(prompts, edited), ROUNDING);
    }
  }

  @EveryFamily
  void aPositionalEditOfAnySiteInABatchIsTheSameAlone(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var prompts = sharing(Checkpoints.ids(golden, "prompt.1.tokens"));
      int next = 0;
      for (var at : points(model, 1)) {
        var plan =
            HookPlan.none()
                .editAt(at, Positions.last(2), (x, rows) -> x.times(factors(rows, at.site())));
        assertSingles(model, prompts, plan, at.toString(), next++);
      }
    }
  }

  @EveryFamily
  void aPlanWritesTheSameTextTogetherAloneAndStreamed(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var prompts = sharing(Checkpoints.ids(golden, "prompt.1.tokens"));
      var options = new GenerationOptions(NEW_TOKENS, 3, new Sampler.Greedy(), Set.of());
      for (var span : spans(model, folder)) {
        // Every pass of a generation shows the logits it chose from through the final norm.
        var together = new Recorded(mixed(model, span));
        var texts = new Generator(model, options, together.plan).complete(prompts, _ -> {});
        for (int i : two(SPANS.indexOf(span), prompts.size())) {
          var alone = new Recorded(mixed(model, span));
          var streamed =
              new Generator(model, options, alone.plan).stream(prompts.get(i), _ -> true);
          together.assertSame(i, alone, span.toString());
          assertThat(streamed.tokens().size()).isEqualTo(texts.get(i).tokens().size());
        }
      }
    }
  }

  @Test
  void anEditIsHandedTheRowsAtItsPositionsAndNoOthers() {
    var model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    var prompts = sharing(TokenIds.of(8, 6, 7, 5, 30, 9, 2, 4, 11));
    var seen = new TreeMap<Integer, List<Integer>>();
    var plan =
        HookPlan.none()
            .editAt(
                new HookPoint(0, Site.RESID_PRE),
                new Positions(-3, 2),
                (x, rows) -> {
                  for (int row = 0; row < rows.tokens(); row++) {
                    seen.computeIfAbsent(rows.prompt(row), _ -> new ArrayList<>())
                        .add(rows.position(row));
                  }
                  return x;
                });
    var options = new GenerationOptions(NEW_TOKENS, 2, new Sampler.Greedy(), Set.of());
    new Generator(model, options, plan).complete(prompts, _ -> {});
    assertThat(seen.keySet()).containsExactly(0, 1, 2, 3);
    assertThat(seen.values()).allSatisfy(p -> assertThat(p).containsExactly(-3, -2, -1, 0, 1, 2));
  }

  @Test
  void beginningsAreSharedAsFarAsThePlanAllows() {
    var forward = new Forward(TinyModels.llama(TinyModels.SEED, 2, DType.F32), 32);
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9);
    var prompts = List.of(prefix.plus(TokenIds.of(1)), prefix.plus(TokenIds.of(2, 3)));
    var at = new HookPoint(1, Site.RESID_PRE);
    var none = HookPlan.none();
    assertThat(forward.sharedPrefix(prompts, none.edit(at, x -> x.times(2)))).isEqualTo(6);
    assertThat(forward.sharedPrefix(prompts, at(at, Positions.last()))).isEqualTo(6);
    assertThat(forward.sharedPrefix(prompts, at(at, Positions.answer()))).isEqualTo(6);
    assertThat(forward.sharedPrefix(prompts, at(at, Positions.last(3)))).isEqualTo(4);
    assertThat(forward.sharedPrefix(prompts, at(at, Positions.all()))).isZero();
    assertThat(forward.sharedPrefix(prompts, none.probe(at, (_, _) -> {}))).isZero();
    assertThatThrownBy(
            () -> forward.lastLogitsFrom(forward.streams(prompts), 1, at(at, Positions.prompt())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("share their first 6 tokens");
  }

  private static HookPlan at(HookPoint at, Positions positions) {
    return HookPlan.none().editAt(at, positions, (x, _) -> x);
  }

  @EveryFamily
  void whatARunKeepsIsWhatProbesSeeAlone(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, Devices.held(DType.F32));
      var forward = new Forward(model, 32);
      var prompts = sharing(Checkpoints.ids(golden, "prompt.1.tokens"));
      var plan = mixed(model, Positions.last());
      var points = points(model, 1);
      var sites = points.stream().map(HookPoint::site).toArray(Site[]::new);
      try (var kept = forward.run(prompts, Capture.at(sites).layer(1).positions(-3, -1), plan);
          var whole = forward.run(prompts, Capture.at(sites).layer(1).withoutLogits(), plan)) {
        for (int i = 0; i < prompts.size(); i++) {
          int size = prompts.get(i).size();
          try (var alone = forward.run(List.of(prompts.get(i)), Capture.at(sites).layer(1), plan)) {
            for (var at : points) {
              var own = alone.get(at, 0);
              int dim = at.site().isOfPairs() ? 1 : 0;
              int last = at.site() == Site.PATTERN_LAST ? 1 : 3;
              assertClose(at + " of prompt " + i, whole.get(at, i), own, ROUNDING);
              assertClose(
                  at + " -3",
                  kept.get(at, i),
                  own.narrow(dim, own.dim(dim) - last, last),
                  ROUNDING);
              assertThat(own.dim(dim)).isEqualTo(at.site() == Site.PATTERN_LAST ? 1 : size);
            }
            assertClose("logits", kept.logits().row(i), alone.logits().row(0), ROUNDING);
          }
        }
      }
    }
  }

  @Test
  void whatIsKeptStacksByPrompt() {
    var forward = new Forward(TinyModels.llama(TinyModels.SEED, 2, DType.F32), 16);
    var prompts = TinyModels.prompts(TinyModels.SEED, 5);
    var capture = Capture.at(Site.RESID_PRE, Site.Z).layers(0, 1).positions(-2, -1);
    try (var kept = forward.run(prompts, capture, HookPlan.none())) {
      assertThat(kept.points()).hasSize(4);
      var stream = kept.get(new HookPoint(1, Site.RESID_PRE));
      assertThat(stream.shape()).containsExactly(5L, 2L, 24L);
      assertThat(kept.get(new HookPoint(0, Site.Z)).shape()).containsExactly(5L, 2L, 4L, 10L);
      assertThat(stream.row(3).toFloats())
          .isEqualTo(kept.get(new HookPoint(1, Site.RESID_PRE), 3).toFloats());
      assertThatThrownBy(() -> kept.get(new HookPoint(2, Site.RESID_PRE)))
          .hasMessageStartingWith("blocks.2.hook_resid_pre was not kept");
    }
    assertThatThrownBy(
            () ->
                forward.run(
                    List.of(TokenIds.of(1, 2)),
                    Capture.at(Site.Z).positions(-3, -1),
                    HookPlan.none()))
        .hasMessageContaining("prompt 0 has 2 tokens")
        .hasMessageContaining("-3 to -1");
    assertThatThrownBy(() -> forward.run(prompts, Capture.at(Site.Z).layer(7), HookPlan.none()))
        .hasMessageContaining("blocks.7.attn.hook_z does not exist: layers are 0 to 2");
  }

  @Test
  void partsKeepTheirOwnLayersAndPositions() {
    var forward = new Forward(TinyModels.llama(TinyModels.SEED, 2, DType.F32), 16);
    var prompts = TinyModels.prompts(TinyModels.SEED, 5);
    var streams = Capture.at(Site.RESID_PRE).and(Capture.at(Site.RESID_POST).layer(2));
    var capture = streams.positions(-2, -1).and(Capture.at(Site.Z).layer(1).last());
    try (var kept = forward.run(prompts, capture, HookPlan.none());
        var whole = forward.run(prompts, Capture.at(Site.Z, Site.RESID_POST), HookPlan.none())) {
      assertThat(kept.points()).hasSize(3 + 1 + 1);
      for (int i = 0; i < prompts.size(); i++) {
        long size = prompts.get(i).size();
        var z = new HookPoint(1, Site.Z);
        assertClose("z", kept.get(z, i), whole.get(z, i).narrow(0, size - 1, 1), ROUNDING);
        var last = new HookPoint(2, Site.RESID_POST);
        assertClose(
            "resid_post", kept.get(last, i), whole.get(last, i).narrow(0, size - 2, 2), ROUNDING);
      }
    }
    assertThatThrownBy(
            () ->
                forward.run(
                    prompts, Capture.at(Site.Z).and(Capture.at(Site.Z).last()), HookPlan.none()))
        .hasMessage("blocks.0.attn.hook_z is in two parts of a capture");
    var before = Capture.at(Site.PATTERN_LAST).layer(0).positions(-2, -2);
    try (var kept = forward.run(prompts, before, HookPlan.none())) {
      assertThatThrownBy(() -> kept.get(new HookPoint(0, Site.PATTERN_LAST), 1))
          .hasMessageContaining("nothing was kept of prompt 1");
    }
  }

  /// Prompts of mixed lengths that begin alike.
  private static List<TokenIds> sharing(TokenIds ids) {
    var prefix = ids.slice(0, 6);
    return List.of(
        prefix.plus(ids.slice(1, 4)),
        prefix.plus(ids.slice(2, 4)),
        prefix.plus(ids.slice(0, 5)),
        prefix.plus(ids.slice(3, 5)));
  }

  /// Ablation everywhere, an addition and a row-wise edit at some positions, ablation at others.
  private static HookPlan mixed(Transformer model, Positions span) {
    var random = new Random(TinyModels.SEED);
    var unit = TinyModels.unit(random, model.config().dModel());
    var other = TinyModels.unit(random, model.config().dModel());
    var shift = TinyModels.unit(random, model.config().dModel()).times(3);
    var plan = HookPlan.none().edit(new HookPoint(0, Site.RESID_PRE), x -> without(x, unit));
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      plan =
          plan.editAt(new HookPoint(layer, Site.ATTN_OUT), span, x -> without(x, other))
              .editAt(
                  new HookPoint(layer, Site.RESID_POST),
                  span,
                  (x, rows) -> x.times(factors(rows, Site.RESID_POST)));
    }
    return plan.editAt(new HookPoint(1, Site.RESID_PRE), span, x -> x.plus(shift));
  }

  private static Tensor without(Tensor x, Tensor unit) {
    return x.plusOuter(x.dotRows(unit).times(-1), unit);
  }

  /// A factor for each row that its position and its sequence decide, broadcast over the rest.
  private static Tensor factors(Rows rows, Site site) {
    float[] factors = new float[rows.tokens()];
    for (int row = 0; row < factors.length; row++) {
      factors[row] = 1 + 0.03f * Math.floorMod(rows.position(row), 7);
    }
    var column = Tensor.of(factors, factors.length);
    return switch (site) {
      case RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST, MLP_POST, LN_FINAL ->
          column.reshape(-1, 1);
      case Q, K, V, Z -> column.reshape(-1, 1, 1);
      case ATTN_SCORES, PATTERN, PATTERN_LAST -> column.reshape(1, -1, 1);
    };
  }

  /// All places of a layer that can be edited or kept.
  private static List<HookPoint> points(Transformer model, int layer) {
    return Stream.concat(HookPoint.ofLayer(layer).stream(), Stream.of(HookPoint.lnFinal()))
        .filter(point -> point.site() != Site.PATTERN_LAST && model.has(point))
        .toList();
  }

  /// All spans of a model that carries a state from token to token, some of any other.
  private static List<Positions> spans(Transformer model, Path folder) {
    if (model.blocks().stream().anyMatch(block -> !(block.mixer() instanceof Attention))) {
      return SPANS;
    }
    int first = Math.floorMod(folder.getFileName().toString().hashCode(), SPANS.size());
    return IntStream.range(0, SPANS_OF_A_FAMILY)
        .mapToObj(i -> SPANS.get((first + 2 * i) % SPANS.size()))
        .toList();
  }

  /// Two of a batch's prompts, others each time: every prompt meets half of the plans of a family,
  /// and every plan with some family.
  private static List<Integer> two(int turn, int prompts) {
    return List.of(turn % prompts, (turn + 1) % prompts);
  }

  private static void assertSingles(
      Transformer model, List<TokenIds> prompts, HookPlan plan, String what, int turn) {
    var forward = new Forward(model, 32);
    var batch = forward.lastLogits(prompts, plan);
    for (int i : two(turn, prompts.size())) {
      var single = forward.logits(prompts.get(i), plan);
      assertClose(
          what + ", prompt " + i, batch.row(i), single.row(prompts.get(i).size() - 1), ROUNDING);
    }
  }

  /// A prompt read in one pass is a prompt completed by one token from a cache.
  private static void assertFromCache(
      Transformer model, TokenIds prompt, HookPlan plan, String what) {
    var options = new GenerationOptions(1, 1, new Sampler.Greedy(), Set.of());
    var recorded = new Recorded(plan);
    new Generator(model, options, recorded.plan).complete(List.of(prompt), _ -> {});
    var normalised = recorded.seen.get(0).getFirst();
    var logits = model.unembed(Tensor.of(normalised, 1, normalised.length));
    assertClose(
        what,
        logits.row(0),
        new Forward(model, 32).lastLogits(List.of(prompt), plan).row(0),
        ROUNDING);
  }

  /// A plan, and the normalised last rows its passes came to, by prompt and position.
  private static final class Recorded {
    private final HookPlan plan;
    private final Map<Integer, List<float[]>> seen = new TreeMap<>();

    Recorded(HookPlan plan) {
      this.plan =
          plan.probeAt(
              HookPoint.lnFinal(),
              new Positions(-1, Integer.MAX_VALUE),
              (x, rows) -> {
                for (int row = 0; row < rows.tokens(); row++) {
                  seen.computeIfAbsent(rows.prompt(row), _ -> new ArrayList<>())
                      .add(x.row(row).toFloats());
                }
              });
    }

    /// Until two texts part, at a near tie, all rows must agree.
    void assertSame(int prompt, Recorded alone, String what) {
      var here = seen.get(prompt);
      var there = alone.seen.get(0);
      assertThat(here).hasSameSizeAs(there);
      for (int i = 0; i < here.size(); i++) {
        assertClose(
            what + ", prompt " + prompt + ", token " + i,
            Tensor.of(here.get(i), here.get(i).length),
            Tensor.of(there.get(i), there.get(i).length),
            ROUNDING);
      }
    }
  }
}
