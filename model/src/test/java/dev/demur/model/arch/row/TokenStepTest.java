package dev.demur.model.arch.row;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.EveryFamily;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// A step on plain arrays is what libtorch's pass of the same token is.
@Order(1) // the slowest begin first
@Scoped
class TokenStepTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(
          5e-5,
          "two orders of float32 sums over at most 64 terms through a few layers, and vector"
              + " exponentials that are one unit of the last place off");

  private static final Tolerance BF16_ROUNDING =
      Tolerance.ofLargestOrOne(
          6e-2, "libtorch rounds inputs and results of each product to 8 bits, a step does not");

  @EveryCheckpoint
  void equalsThePassOfEveryFamily(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      assertSame(
          Family.load(files, DType.F32),
          Checkpoints.ids(golden, "prompt.0.tokens"),
          HookPlan.none(),
          ROUNDING);
    }
  }

  @EveryFamily
  void equalsThePassOfEveryFamilyInBfloat16(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, DType.BF16);
      if (model.blocks().stream().noneMatch(b -> b.mlp().routed().isPresent())) {
        // Rounding may choose another expert.
        var ids = Checkpoints.ids(golden, "prompt.0.tokens");
        assertSame(model, ids, HookPlan.none(), BF16_ROUNDING);
      }
    }
  }

  @EveryFamily
  void runsEditsWhereThePassRunsThem(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, DType.F32);
      var ids = Checkpoints.ids(golden, "prompt.1.tokens");
      // One plan for all places, each with numbers of its own: one that was left out, or that was
      // edited before another, would show in all that follows.
      var plan = HookPlan.none();
      int edits = 0;
      for (var at : HookPoint.ofLayer(1)) {
        var seen = HookPlan.none().probe(at, (_, _) -> {});
        if (model.has(at) && TokenStep.of(model, seen).isPresent()) {
          double own = 0.1 * ++edits;
          plan = plan.edit(at, x -> x.times(1.5 - own).plus(own));
        }
      }
      assertThat(edits).isPositive();
      assertSame(model, ids, plan, ROUNDING);
    }
  }

  /// Issue 20: a batch that writes goes through the kernels too.
  @EveryFamily
  void severalSequencesAreEachWhatItIsAlone(Path folder) throws IOException {
    assertTogether(folder, List.of(1, 1, 1));
  }

  @EveryFamily
  void promptsAreReadBesideSequencesThatWrite(Path folder) throws IOException {
    assertTogether(folder, List.of(1, Integer.MAX_VALUE, 3));
  }

  /// @param most how many of each prompt's last tokens a step runs
  private static void assertTogether(Path folder, List<Integer> most) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder);
        var _ = Torch.inference()) {
      var model = Family.load(files, DType.F32);
      var prompts = Checkpoints.prompts(golden).stream().limit(3).toList();
      int sequences = prompts.size();
      var unit = TinyModels.unit(new Random(1), model.config().dModel());
      var plan =
          HookPlan.none()
              .scaleAlong(new HookPoint(1, Site.RESID_PRE), unit, -1)
              .edit(new HookPoint(1, Site.MLP_OUT), x -> x.times(1.5));
      var cache =
          model.cache(
              DType.F32, sequences, prompts.stream().mapToInt(TokenIds::size).max().orElseThrow());
      var last = new ArrayList<TokenIds>();
      for (int i = 0; i < sequences; i++) {
        var ids = prompts.get(i);
        int before = Math.max(0, ids.size() - most.get(i));
        if (before > 0) {
          var beginning = ids.slice(0, before);
          var pass = new Pass(Rows.single(i, before), slots(cache, List.of(i)), plan);
          var embedded = model.embed(Tensor.ofIndices(beginning.stream()), pass);
          model.stream(embedded, 0, model.config().nLayers(), pass);
        }
        last.add(ids.slice(before, ids.size()));
      }
      var all = IntStream.range(0, sequences).boxed().toList();
      var rows = Rows.of(all, last.stream().map(TokenIds::size).toList());
      var pass = new Pass(rows, slots(cache, all), plan);
      var ids = Tensor.ofIndices(last.stream().flatMapToInt(TokenIds::stream));
      var together = TokenStep.of(model).orElseThrow().stream(model.embed(ids, pass), pass);
      for (int i = 0; i < sequences; i++) {
        var own = together.narrow(0, rows.end(i) - 1, 1);
        assertClose(own, pass(model, prompts.get(i), plan), ROUNDING);
      }
    }
  }

  private static Past slots(KvCache cache, List<Integer> slots) {
    return new Past.Slots(cache, slots);
  }

  @Test
  void probesSeeTheShapesOfAPass() {
    var model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    var shapes = new ArrayList<List<Long>>();
    var plan = HookPlan.none();
    for (var site : List.of(Site.RESID_PRE, Site.V, Site.Z)) {
      plan = plan.probe(new HookPoint(0, site), (x, _) -> shapes.add(x.shape()));
    }
    try (var _ = Torch.inference()) {
      step(model, TokenIds.of(3, 9, 4), plan);
    }
    assertThat(shapes).endsWith(List.of(1L, 24L), List.of(1L, 2L, 10L), List.of(1L, 4L, 10L));
  }

  @Test
  void leavesPatternsToThePass() {
    var model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    var plan = HookPlan.none().probe(new HookPoint(0, Site.PATTERN), (_, _) -> {});
    assertThat(TokenStep.of(model, plan)).isEmpty();
  }

  @Test
  void refusesAnyOtherPass() {
    var model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    var step = TokenStep.of(model, HookPlan.none()).orElseThrow();
    var pass = new Pass(Rows.single(0, 1), new Past.Nothing(), HookPlan.none());
    var embedded = model.embed(Tensor.ofIndices(TokenIds.of(3).stream()), pass);
    assertThatThrownBy(() -> step.stream(embedded, pass))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a step appends to slots of a cache");
  }

  @Test
  void refusesATokenTheCacheHasNoRoomFor() {
    var model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    try (var _ = Torch.inference()) {
      var cache = model.cache(DType.F32, 1, 1);
      run(model, TokenIds.of(3), cache, HookPlan.none());
      var step = TokenStep.of(model, HookPlan.none()).orElseThrow();
      var pass = pass(TokenIds.of(4), cache, HookPlan.none());
      var embedded = model.embed(Tensor.ofIndices(TokenIds.of(4).stream()), pass);
      assertThatThrownBy(() -> step.stream(embedded, pass))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("slot 0 would need 2");
    }
  }

  /// Writes a prompt's last tokens both ways and compares the streams.
  private static void assertSame(
      Transformer model, TokenIds ids, HookPlan plan, Tolerance tolerance) {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var whole = pass(model, ids, plan);
      assertClose(step(model, ids, plan), whole, tolerance);
    }
  }

  private static final int STEPS = 3;

  private static Tensor pass(Transformer model, TokenIds ids, HookPlan plan) {
    var cache = model.cache(model.dtype(), 1, ids.size());
    int prompt = ids.size() - STEPS;
    run(model, ids.slice(0, prompt), cache, plan);
    var last = Tensor.zeros(DType.F32, 0);
    for (int i = prompt; i < ids.size(); i++) {
      last = run(model, ids.slice(i, i + 1), cache, plan);
    }
    return last;
  }

  private static Tensor step(Transformer model, TokenIds ids, HookPlan plan) {
    var cache = model.cache(model.dtype(), 1, ids.size());
    int prompt = Math.max(1, ids.size() - STEPS);
    run(model, ids.slice(0, prompt), cache, plan);
    var step = TokenStep.of(model, plan).orElseThrow();
    var last = Tensor.zeros(DType.F32, 0);
    for (int i = prompt; i < ids.size(); i++) {
      var token = ids.slice(i, i + 1);
      var pass = pass(token, cache, plan);
      last = step.stream(model.embed(Tensor.ofIndices(token.stream()), pass), pass);
    }
    return last;
  }

  private static Tensor run(Transformer model, TokenIds ids, KvCache cache, HookPlan plan) {
    var pass = pass(ids, cache, plan);
    var embedded = model.embed(Tensor.ofIndices(ids.stream()), pass);
    return model.stream(embedded, 0, model.config().nLayers(), pass);
  }

  private static Pass pass(TokenIds ids, KvCache cache, HookPlan plan) {
    return new Pass(Rows.single(0, ids.size()), new Past.Slots(cache, List.of(0)), plan);
  }
}
