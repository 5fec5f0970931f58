package dev.demur.model.forward;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Transformer;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Equalities every forward pass must satisfy, on tiny random models.
@Scoped
@EveryDevice
class ForwardLawsTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(
          2e-5, "float32 sums over at most 64 terms of size about 1, in another order");

  private static final long SEED = TinyModels.SEED;

  private Transformer model;
  private Forward forward;

  @BeforeEach
  void open() {
    use(2);
  }

  private void use(int kvHeads) {
    model = TinyModels.llama(SEED, kvHeads, DType.F32);
    forward = new Forward(model, 16);
  }

  @Test
  void residPostIsTheNextResidPreBitForBit() {
    var seen = record(TokenIds.of(5, 9, 33, 2), Site.RESID_PRE, Site.RESID_POST);
    for (int layer = 0; layer + 1 < model.config().nLayers(); layer++) {
      assertThat(seen.get(new HookPoint(layer + 1, Site.RESID_PRE)))
          .containsExactly(seen.get(new HookPoint(layer, Site.RESID_POST)));
    }
  }

  @Test
  void theStreamIsTheSumOfWhatWasAdded() {
    var ids = TokenIds.of(7, 7, 1, 60, 12);
    var seen = record(ids, Site.ATTN_OUT, Site.MLP_OUT, Site.RESID_POST);
    float[] sum = model.embed(Tensor.ofIndices(ids.stream())).toFloats();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (var site : List.of(Site.ATTN_OUT, Site.MLP_OUT)) {
        float[] added = seen.get(new HookPoint(layer, site));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += added[i];
        }
      }
    }
    var last = new HookPoint(model.config().nLayers() - 1, Site.RESID_POST);
    assertClose("the last resid_post", seen.get(last), sum, ROUNDING);
  }

  @Test
  void theLastResidPostGivesTheLogits() {
    var ids = TokenIds.of(3, 1, 4, 1, 5);
    var last = new HookPoint(model.config().nLayers() - 1, Site.RESID_POST);
    float[] stream = record(ids, Site.RESID_POST).get(last);
    var lens = model.logits(Tensor.of(stream, ids.size(), model.config().dModel()));
    assertClose(forward.logits(ids, HookPlan.none()), lens, ROUNDING);
  }

  @Test
  void laterTokensDoNotReachEarlierOnes() {
    var one = forward.logits(TokenIds.of(3, 1, 4, 1, 5), HookPlan.none());
    var other = forward.logits(TokenIds.of(3, 1, 4, 59, 26), HookPlan.none());
    assertClose(one.narrow(0, 0, 3), other.narrow(0, 0, 3), ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aBatchIsItsSingles(int kvHeads) {
    use(kvHeads);
    var prompts = TinyModels.prompts(SEED, 9);
    var batch = forward.lastLogits(prompts, HookPlan.none());
    for (int i = 0; i < prompts.size(); i++) {
      var single = forward.logits(prompts.get(i), HookPlan.none());
      assertClose(batch.row(i), single.row(prompts.get(i).size() - 1), ROUNDING);
    }
  }

  @Test
  void aSharedPrefixRunOnceChangesNothing() {
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9);
    var prompts = TinyModels.prompts(SEED, 5).stream().map(prefix::plus).toList();
    var shared = forward.lastLogits(prompts, shift());
    for (int i = 0; i < prompts.size(); i++) {
      assertClose(
          shared.row(i), forward.lastLogits(List.of(prompts.get(i)), shift()).row(0), ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 1000})
  void copiesInOnePassAreEachAPassOfTheirOwn(int batchTokens) {
    var small = new Forward(model, batchTokens);
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9);
    for (var prompts :
        List.of(
            TinyModels.prompts(SEED, 4),
            TinyModels.prompts(SEED, 4).stream().map(prefix::plus).toList())) {
      var copies = new Copies(3, prompts.size());
      var shift = noise();
      var together =
          HookPlan.none()
              .editCopies(
                  new HookPoint(1, Site.RESID_PRE),
                  copies,
                  (x, own) -> {
                    int[] factors = own.toArray();
                    var rows = new ArrayList<Tensor>();
                    for (int i = 0; i < factors.length; i++) {
                      rows.add(x.row(i).plus(shift.times(factors[i])));
                    }
                    return Tensor.stack(rows);
                  });
      var whole = small.lastLogits(prompts, copies, together);
      var fromTheMiddle = small.lastLogitsFrom(small.streams(prompts), copies, 1, together);
      for (int copy = 0; copy < copies.count(); copy++) {
        double factor = copy;
        var alone =
            forward.lastLogits(
                prompts,
                HookPlan.none()
                    .edit(new HookPoint(1, Site.RESID_PRE), x -> x.plus(shift.times(factor))));
        for (var all : List.of(whole, fromTheMiddle)) {
          assertClose(all.narrow(0, copies.sequence(copy, 0), prompts.size()), alone, ROUNDING);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aPassFromTheMiddleIsAWholePass(int layer) {
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9);
    for (var prompts :
        List.of(
            TinyModels.prompts(SEED, 6),
            TinyModels.prompts(SEED, 6).stream().map(prefix::plus).toList())) {
      var plan = HookPlan.none().edit(new HookPoint(layer, Site.RESID_PRE), x -> x.plus(noise()));
      var streams = forward.streams(prompts);
      assertClose(
          forward.lastLogitsFrom(streams, layer, plan),
          forward.lastLogits(prompts, plan),
          ROUNDING);
    }
  }

  @Test
  void readingThePatternChangesNothing() {
    var ids = TokenIds.of(3, 1, 4, 1, 5, 9);
    var sums = new HashMap<Integer, double[]>();
    var plan =
        HookPlan.none()
            .probe(
                new HookPoint(1, Site.PATTERN),
                (pattern, _) -> sums.put(0, pattern.sum(2).toDoubles()));
    assertClose(forward.logits(ids, plan), forward.logits(ids, HookPlan.none()), ROUNDING);
    assertThat(sums.get(0)).hasSize(4 * ids.size());
    for (double sum : sums.get(0)) {
      assertClose("a row of the pattern", sum, 1, ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void generationWithACacheIsGenerationWithout(int shared) {
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9).slice(0, shared);
    var prompts = TinyModels.prompts(SEED, 7).stream().map(prefix::plus).toList();
    var options = new GenerationOptions(11, 3, new Sampler.Greedy(), Set.of(17));
    var written = new Generator(model, options, shift()).complete(prompts, _ -> {});
    for (int i = 0; i < prompts.size(); i++) {
      var ids = prompts.get(i);
      var expected = TokenIds.of();
      while (expected.size() < 11) {
        var logits = forward.lastLogits(List.of(ids.plus(expected)), shift());
        int next = (int) logits.argmax().item();
        if (next == 17) {
          break;
        }
        expected = expected.plus(TokenIds.of(next));
      }
      assertThat(written.get(i).tokens()).as("prompt " + i).isEqualTo(expected);
      var stream = new Generator(model, options, shift()).stream(ids, _ -> true);
      assertThat(stream.tokens()).isEqualTo(expected);
    }
  }

  @Test
  void aProbeOfAGenerationSeesEveryTokenOfEveryPrompt() {
    var prefix = TokenIds.of(8, 6, 7, 5, 30, 9);
    var prompts = TinyModels.prompts(SEED, 5).stream().map(prefix::plus).toList();
    var lengths = new ArrayList<Integer>();
    var plan =
        HookPlan.none()
            .probe(
                new HookPoint(model.config().nLayers() - 1, Site.RESID_POST),
                (_, rows) -> lengths.addAll(rows.lengths()));
    var options = new GenerationOptions(1, 3, new Sampler.Greedy(), Set.of());
    new Generator(model, options, plan).complete(prompts, _ -> {});
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(prompts.stream().mapToInt(TokenIds::size).sum());
  }

  @Test
  void bf16StaysCloseToFloat32() {
    var rounded = TinyModels.llama(SEED, 2, DType.BF16);
    var prompts = TinyModels.prompts(SEED, 4);
    var exact = forward.lastLogits(prompts, HookPlan.none());
    var coarse = new Forward(rounded, 16).lastLogits(prompts, HookPlan.none());
    // bf16 keeps 8 bits: relative error 2⁻⁸ a product, a few percent of the spread after 3 layers.
    assertThat(coarse.minus(exact).abs().max()).isLessThan(0.05 * exact.abs().max());
    var rows = rounded.embed(Tensor.ofIndices(IntStream.range(0, 9)));
    assertThat(rounded.greedy(rows).toLongs())
        .containsExactly(rounded.unembed(rows).argmax().toLongs());
  }

  @Test
  void probesSeeWhoseRowsTheyAre() {
    var prompts = TinyModels.prompts(SEED, 6);
    var lengths = new HashMap<Integer, Integer>();
    forward.run(
        prompts,
        HookPlan.none()
            .probe(
                new HookPoint(1, Site.RESID_PRE),
                (x, rows) -> {
                  assertThat(x.dim(0)).isEqualTo(rows.tokens());
                  for (int i = 0; i < rows.size(); i++) {
                    lengths.put(rows.sequences().get(i), rows.lengths().get(i));
                  }
                }));
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(lengths.get(i)).isEqualTo(prompts.get(i).size());
    }
  }

  private Tensor noise() {
    return Tensor.gaussian(new Random(SEED), model.config().dModel());
  }

  private HookPlan shift() {
    return HookPlan.none().edit(new HookPoint(1, Site.RESID_PRE), x -> x.plus(noise()));
  }

  private Map<HookPoint, float[]> record(TokenIds ids, Site... sites) {
    var seen = new HashMap<HookPoint, float[]>();
    var plan = HookPlan.none();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (var site : sites) {
        var at = new HookPoint(layer, site);
        plan = plan.probe(at, (Tensor x, Rows _) -> seen.put(at, x.toFloats()));
      }
    }
    forward.run(List.of(ids), plan);
    assertThat(seen).hasSize(sites.length * model.config().nLayers());
    return seen;
  }
}
