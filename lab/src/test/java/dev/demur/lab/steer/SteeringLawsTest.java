package dev.demur.lab.steer;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Equalities steering must satisfy.
@Scoped
@EveryDevice
class SteeringLawsTest {

  /// float32 arithmetic on values of size about 10, widths up to 64.
  private static final double ROUNDING = 1e-5;

  private static final Tolerance SUMS =
      Tolerance.ofLargest(2e-5, "float32 sums in another order, through three blocks");

  private static final long SEED = TinyModels.SEED;
  private static final HookPoint AT = new HookPoint(1, Site.RESID_PRE);

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 17, 64})
  void ablationRemovesTheWholeComponentAndNothingElse(int dModel) {
    var direction = direction(dModel);
    var x = Tensor.gaussian(random, 5, dModel).times(10);
    var plan = Policy.ablation(direction).plan(2);
    var once = entering(plan, x);
    assertThat(once.dotRows(direction.unit()).abs().max()).isLessThan(ROUNDING * 10);
    var removed = x.minus(once);
    var along = removed.dotRows(direction.unit());
    assertThat(removed.minus(outer(along, direction.unit())).abs().max())
        .as("what is removed lies along the direction")
        .isLessThan(ROUNDING * 10);
    assertThat(entering(plan, once).minus(once).abs().max())
        .as("ablating twice is ablating once")
        .isLessThan(ROUNDING * 10);
  }

  @Test
  void addingAndSubtractingIsTheIdentity() {
    var direction = direction(24);
    var x = Tensor.gaussian(random, 5, 24);
    var there = Policy.addition(direction, 2.5).plan(3);
    var back = Policy.addition(direction, -2.5).plan(3);
    assertThat(apply(there.then(back), x).minus(x).abs().max()).isLessThan(ROUNDING);
  }

  @Test
  void steeringOnePromptLeavesTheOthersAlone() {
    var forward = new Forward(TinyModels.llama(SEED, 2, DType.F32), 64);
    var ablation = Policy.ablation(direction(24));
    var prompts = List.of(TokenIds.of(1, 2, 3, 4), TokenIds.of(1, 2, 3, 5), TokenIds.of(1, 6));
    var together = forward.lastLogits(prompts, new OfPrompt(ablation, 1).plan(3));
    for (int i = 0; i < prompts.size(); i++) {
      var plan = i == 1 ? ablation.plan(3) : HookPlan.none();
      var alone = forward.lastLogits(List.of(prompts.get(i)), plan);
      assertClose(alone.row(0), together.row(i), SUMS);
    }
  }

  @Test
  void coefficientZeroIsTheUneditedBitForBit() {
    var model = TinyModels.llama(SEED, 2, DType.F32);
    var forward = new Forward(model, 64);
    var prompts = TinyModels.prompts(SEED, 4);
    var plan = Policy.addition(direction(24), 0).plan(3);
    assertThat(forward.lastLogits(prompts, plan).toFloats())
        .containsExactly(forward.lastLogits(prompts, HookPlan.none()).toFloats());
  }

  @Test
  void aClampSetsTheProjection() {
    var direction = direction(24);
    var x = Tensor.gaussian(random, 5, 24);
    var clamped = apply(Policy.clamp(direction, 3.5).plan(2), x);
    assertThat(clamped.dotRows(direction.unit()).plus(-3.5).abs().max()).isLessThan(ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void hookAblationIsWeightOrthogonalisation(int kvHeads) {
    var model = TinyModels.llama(SEED, kvHeads, DType.F32);
    var direction = direction(24);
    var prompts = TinyModels.prompts(SEED, 6);
    var hooks = new Forward(model, 64).lastLogits(prompts, Policy.ablation(direction).plan(3));
    var edited = model.withWriters(new WeightEdit.Orthogonalize(direction));
    var weights = new Forward(edited, 64).lastLogits(prompts, HookPlan.none());
    assertThat(weights.minus(hooks).abs().max()).isLessThan(1e-4 * hooks.abs().max());
    var plain = new Forward(model, 64).lastLogits(prompts, HookPlan.none());
    assertThat(hooks.minus(plain).abs().max())
        .as("the edit does something")
        .isGreaterThan(1e-2 * hooks.abs().max());
  }

  @Test
  void withoutTheDirectionInTheWeightsAClampIsAnAddition() {
    var direction = direction(24);
    var edited =
        TinyModels.llama(SEED, 2, DType.F32).withWriters(new WeightEdit.Orthogonalize(direction));
    var forward = new Forward(edited, 64);
    var prompts = TinyModels.prompts(SEED, 6);
    double target = 3.5;
    var clamp = Policy.clamp(direction, target).plan(3);
    var addition = Policy.addition(direction, target / direction.norm()).plan(3);
    var added = forward.lastLogits(prompts, addition);
    assertThat(forward.lastLogits(prompts, clamp).minus(added).abs().max())
        .isLessThan(1e-4 * added.abs().max());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void eachCopyIsAblatedAlongItsOwnDirection(int count) {
    var forward = new Forward(TinyModels.llama(SEED, 2, DType.F32), 64);
    var prompts = TinyModels.prompts(SEED, 4);
    var together = SideBySide.of(directions(count), prompts.size());
    var all = forward.lastLogits(prompts, together.copies(), together.ablation(3));
    for (int i = 0; i < count; i++) {
      var alone = Policy.ablation(together.directions().get(i)).plan(3);
      assertClose(rows(all, i, prompts.size()), forward.lastLogits(prompts, alone), SUMS);
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
      var alone = Policy.addition(direction, 1).plan(3);
      assertClose(rows(all, i, prompts.size()), forward.lastLogitsFrom(streams, 1, alone), SUMS);
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
    assertThatThrownBy(() -> forward.lastLogits(prompts, ablation.copies(), ablation.ablation(3)))
        .hasMessage("copies of 4 prompts were asked for, but there are 3");
  }

  private List<Direction> directions(int count) {
    return Stream.generate(() -> direction(24)).limit(count).toList();
  }

  private static Tensor rows(Tensor all, int copy, int prompts) {
    return all.narrow(0, (long) copy * prompts, prompts);
  }

  private Direction direction(int dModel) {
    return Direction.fromMeanDiff(Tensor.gaussian(random, dModel), AT, -1);
  }

  private static Tensor apply(HookPlan plan, Tensor x) {
    return plan.apply(AT, x, Rows.single(0, Math.toIntExact(x.dim(0))));
  }

  /// At the first block, where ablation edits the stream itself.
  private static Tensor entering(HookPlan plan, Tensor x) {
    var first = new HookPoint(0, Site.RESID_PRE);
    return plan.apply(first, x, Rows.single(0, Math.toIntExact(x.dim(0))));
  }

  private static Tensor outer(Tensor column, Tensor row) {
    return Tensor.zeros(DType.F32, column.dim(0), row.dim(0)).plusOuter(column, row);
  }
}
