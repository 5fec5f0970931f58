package dev.demur.lab.policy;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A random control does as much as its policy, elsewhere.
@Scoped
class RandomControlTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-5, "float32 sums in another order");

  @Test
  void aControlKeepsRulesGatesNormsAndPlaces() {
    var random = new Random(RandomPolicies.SEED);
    for (int i = 0; i < 50; i++) {
      var policy = RandomPolicies.next(random);
      var control = RandomControl.of(policy, 7);
      assertThat(control).isEqualTo(RandomControl.of(policy, 7)).isNotEqualTo(policy);
      for (int rule = 0; rule < policy.rules().size(); rule++) {
        var before = policy.rules().get(rule);
        var after = control.rules().get(rule);
        assertThat(after.gate()).isEqualTo(before.gate());
        assertThat(after.places()).isEqualTo(before.places());
        assertSameDose(
            policy.ingredient(before.operator().name()),
            control.ingredient(after.operator().name()),
            random);
      }
    }
  }

  private static void assertSameDose(Ingredient before, Ingredient after, Random random) {
    assertThat(after).isNotEqualTo(before).hasSameClassAs(before);
    assertThat(after.source()).isEqualTo(before.source());
    if (before instanceof Ingredient.Line(var one) && after instanceof Ingredient.Line(var other)) {
      assertThat(other.norm()).isEqualTo(one.norm());
    }
    if (before instanceof Ingredient.LinearMap(var one, _)
        && after instanceof Ingredient.LinearMap(var other, _)) {
      var x = Tensor.gaussian(random, 3, before.dModel());
      assertClose(
          x.matmul(other.tensor()).square().sum(1),
          x.matmul(one.tensor()).square().sum(1),
          ROUNDING);
    }
  }
}
