package dev.demur.lab.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.direction.Direction;
import dev.demur.model.arch.Forward;
import dev.demur.model.arch.TinyModels;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several directions in one pass are each what they are alone.
class SideBySideTest {

  /// Of the largest logit: float32 sums in another order, through three blocks.
  private static final double ROUNDING = 2e-5;

  private static final long SEED = TinyModels.SEED;
  private static final int D_MODEL = 24;
  private static final int LAYERS = 3;

  private final Random random = new Random(SEED);
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void eachCopyIsAblatedAlongItsOwnDirection(int count) {
    var forward = new Forward(TinyModels.llama(SEED, 2, DType.F32), 64);
    var prompts = TinyModels.prompts(SEED, 4);
    var together = SideBySide.of(directions(count), prompts.size());
    var all = forward.lastLogits(prompts, together.copies(), together.ablation(LAYERS));
    for (int i = 0; i < count; i++) {
      var alone = new Intervention.Ablation(together.directions().get(i)).plan(LAYERS);
      assertClose(rows(all, i, prompts.size()), forward.lastLogits(prompts, alone));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void eachCopyIsGivenItsOwnDirection(int count) {
    var forward = new Forward(TinyModels.llama(SEED, 2, DType.F32), 64);
    var prompts = TinyModels.prompts(SEED, 4);
    var together = SideBySide.of(directions(count), prompts.size());
    var streams = forward.streams(prompts);
    var all = forward.lastLogitsFrom(streams, together.copies(), 1, together.addition());
    for (int i = 0; i < count; i++) {
      var direction = together.directions().get(i);
      var alone = new Intervention.ActivationAddition(direction, 1).plan(LAYERS);
      assertClose(rows(all, i, prompts.size()), forward.lastLogitsFrom(streams, 1, alone));
    }
  }

  @Test
  void whatCannotShareAPassIsRefused() {
    var two = directions(2);
    assertThatThrownBy(() -> new SideBySide(two, new Copies(3, 4)))
        .hasMessage("2 directions, but 3 copies");
    var elsewhere = new HookPoint(2, Site.RESID_PRE);
    var mixed = List.of(two.getFirst(), new Direction(two.getLast().unit(), 1, elsewhere, -1));
    assertThatThrownBy(() -> SideBySide.of(mixed, 4).addition())
        .hasMessageContaining("one hook point");
    var forward = new Forward(TinyModels.llama(SEED, 2, DType.F32), 64);
    var prompts = TinyModels.prompts(SEED, 3);
    var ablation = SideBySide.of(two, 4);
    assertThatThrownBy(
            () -> forward.lastLogits(prompts, ablation.copies(), ablation.ablation(LAYERS)))
        .hasMessage("copies of 4 prompts were asked for, but there are 3");
  }

  private List<Direction> directions(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ ->
                Direction.fromMeanDiff(
                    Tensor.gaussian(random, D_MODEL), new HookPoint(1, Site.RESID_PRE), -1))
        .toList();
  }

  private static Tensor rows(Tensor all, int copy, int prompts) {
    return all.narrow(0, (long) copy * prompts, prompts);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    double size = expected.abs().max();
    assertThat(actual.minus(expected).abs().max()).isLessThan(ROUNDING * size);
  }
}
