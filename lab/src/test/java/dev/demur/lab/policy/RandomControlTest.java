package dev.demur.lab.policy;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A random control does as much as its policy, elsewhere.
@Scoped
class RandomControlTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-5, "float32 sums in another order");

  private static final int LAYERS = 5;

  private static final int WIDTH = 6;

  @Test
  void aControlKeepsGatesAndSpansAndIsDecidedByItsSeed() {
    var random = new Random(RandomPolicies.SEED);
    for (int i = 0; i < 50; i++) {
      for (var policy : alone(RandomPolicies.next(random))) {
        var control = RandomControl.of(policy, LAYERS, 7);
        assertThat(control).isEqualTo(RandomControl.of(policy, LAYERS, 7)).isNotEqualTo(policy);
        var rule = policy.rules().getFirst();
        assertThat(control.rules())
            .allSatisfy(
                other -> {
                  assertThat(other.gate()).isEqualTo(rule.gate());
                  assertThat(other.span()).isEqualTo(rule.span());
                });
      }
    }
  }

  /// Scalings had controls of equal norms, which took away what a random direction holds: about
  /// nothing.
  @Test
  void aControlMovesEachRowAsFarAsItsPolicyElsewhere() {
    var random = new Random(RandomPolicies.SEED);
    for (int i = 0; i < 100; i++) {
      for (var policy : alone(RandomPolicies.next(random))) {
        var rule = policy.rules().getFirst();
        if (rule.operator() instanceof Operator.KeepNorm || Operations.leavesAll(rule.bare())) {
          continue;
        }
        var x = Tensor.gaussian(random, 3, policy.ingredient(rule.operator().name()).dModel());
        var own = moved(policy, x);
        var other = moved(RandomControl.of(policy, LAYERS, 7), x);
        assertClose(policy.toString(), other.square().sum(1), own.square().sum(1), ROUNDING);
        assertThat(other.minus(own).norm()).isPositive();
      }
    }
  }

  @Test
  void theControlOfAnAblationActsWhereTheAblationFindsSomething() {
    var r =
        Direction.fromMeanDiff(
            Tensor.gaussian(new Random(RandomPolicies.SEED), WIDTH),
            new HookPoint(2, Site.RESID_PRE),
            -1);
    var control = RandomControl.of(Policy.ablation(r), LAYERS, 7);
    assertThat(places(control)).containsExactlyElementsOf(Places.ofAblation(LAYERS));
    var gated =
        Policy.parse(
            "ablate r when cos(c) > 0.5",
            Names.of(Map.of("r", new Ingredient.Line(r), "c", new Ingredient.Line(r))));
    assertThat(places(RandomControl.of(gated, LAYERS, 7)))
        .containsExactlyElementsOf(
            Places.ofAblation(LAYERS).stream()
                .map(p -> p.site() == Site.RESID_PRE ? r.source() : p)
                .filter(p -> p.layer() >= r.source().layer())
                .toList());
  }

  private static List<HookPoint> places(Policy policy) {
    return policy.rules().stream()
        .flatMap(rule -> rule.named(policy.ingredient(rule.operator().name()), LAYERS).stream())
        .toList();
  }

  /// Each rule of a policy alone, where it fits a model of so many layers.
  private static List<Policy> alone(Policy policy) {
    return policy.rules().stream()
        .map(rule -> new Policy(List.of(rule), policy.ingredients()))
        .filter(one -> Fitting.problems(one, WIDTH, LAYERS).isEmpty())
        .toList();
  }

  /// What a policy adds to rows at the first of its places.
  private static Tensor moved(Policy policy, Tensor x) {
    var first = policy.rules().getFirst().places();
    var after = x;
    for (var rule : policy.rules()) {
      if (rule.places().equals(first)) {
        after = Operations.of(rule.operator(), policy).apply(after);
      }
    }
    return after.minus(x);
  }
}
