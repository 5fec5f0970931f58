package dev.demur.lab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The policy language: what is printed parses back, and what is wrong is said where it stands.
@Scoped
class PolicyLanguageTest {

  private static final int WIDTH = 8;

  private final Random random = new Random(RandomPolicies.SEED);
  private final Direction direction =
      Direction.fromMeanDiff(Tensor.gaussian(random, WIDTH), new HookPoint(2, Site.RESID_PRE), -1);
  private final Names names =
      Names.of(
          Map.of(
              "r", new Ingredient.Line(direction),
              "ace", new Ingredient.Centred(direction, new Numbers(Tensor.gaussian(random, WIDTH))),
              "s",
                  new Ingredient.LinearMap(
                      new Numbers(Tensor.gaussian(random, WIDTH, WIDTH)),
                      new HookPoint(1, Site.RESID_PRE)),
              "monitor",
                  new Ingredient.Detector(
                      new Numbers(Tensor.gaussian(random, WIDTH)),
                      0.5,
                      new HookPoint(1, Site.RESID_PRE),
                      -2)));

  @Test
  void aPrintedPolicyParsesBack() {
    for (int i = 0; i < 200; i++) {
      var policy = RandomPolicies.next(random);
      var table = Names.of(policy.ingredients());
      assertThat(Policy.parse(policy.toString(), table)).as(policy.toString()).isEqualTo(policy);
    }
    assertThat(Policy.parse("nothing", names)).isEqualTo(Policy.none());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ablate r",
        "ablate r; add 0.4 r @layer 14 @answer when monitor > 0.7",
        "scale 1.1 r @layers 3-9 @sites attn_out,mlp_out",
        "add r",
        "add -1 r keeping norm @last",
        "affine 0 ace",
        "clamp r to 3.5 @prompt",
        "map 0.3 s from last @layer 2 when not cos(r) > 0.2",
        "nothing"
      })
  void aLineInItsShortestFormIsPrintedAsItWas(String line) {
    assertThat(Policy.parse(line, names)).hasToString(line);
  }

  @Test
  void theShortFormsMeanWhatTheLongOnesDo() {
    assertThat(Policy.parse("ablate r", names)).isEqualTo(Policy.ablation(direction));
    assertThat(Policy.parse("  scale 0 \"r\"@every when always", names))
        .isEqualTo(Policy.ablation(direction));
    assertThat(Policy.parse("add .5 r", names)).isEqualTo(Policy.addition(direction, 0.5));
    assertThat(Policy.parse("clamp r to 2e0", names)).isEqualTo(Policy.clamp(direction, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "destroy r               | 1  | \"destroy\"             | ablate, scale, add, affine,"
            + " clamp",
        "ablate                  | 7  | the end of the line   | the name of a direction or a sub",
        "ablate q                | 8  | \"q\"                   | (known: ace, monitor, r, s)",
        "ablate monitor          | 8  | which is a probe      | a direction or a subspace",
        "affine 0 r              | 10 | which is a direction  | a direction with a centre",
        "scale r                 | 7  | \"r\"                   | a factor, as in scale 1.1 r",
        "add r @layr 3           | 8  | \"layr\"                | layer, layers, sites, every",
        "add r @layer x          | 14 | \"x\"                   | a layer, as in @layer 14",
        "add r @layers 9-3       | 15 | \"9-3\"                 | does not run backwards",
        "add r @sites q          | 14 | \"q\"                   | sites of the stream",
        "add r when r            | 13 | the end of the line   | \">\"",
        "add r when s > 1        | 12 | which is a map        | a probe or a direction",
        "add r when not always   | 16 | \"always\"              | a gate that can be false",
        "add r; nothing          | 8  | \"nothing\"             | ablate, scale, add",
        "add r r                 | 7  | \"r\"                   | keeping norm, @, when, a semi",
        "add 1e999 r             | 5  | \"1e999\"               | a number that is finite",
        "ablate \"r              | 8  | a quote               | a name between two quotes",
      })
  void aWrongLineIsRefusedWithItsPlace(String line, int at, String found, String expected) {
    assertThatThrownBy(() -> Policy.parse(line, names))
        .isInstanceOfSatisfying(
            PolicySyntaxException.class,
            e -> {
              assertThat(e.position()).isEqualTo(at);
              assertThat(e.found()).contains(found);
              assertThat(e.expected()).contains(expected);
              assertThat(e).hasMessageStartingWith("policy at character " + at + ": found ");
            });
  }

  @Test
  void aLineOfAnyLengthIsRefusedQuickly() {
    assertThatThrownBy(() -> Policy.parse("add r;".repeat(1 << 20), names))
        .hasMessageContaining("characters");
    assertThatThrownBy(() -> Policy.parse("add r" + ";add r".repeat(2000), names))
        .hasMessageContaining("at most 1024 rules");
  }

  @Test
  void sameNamesOfDifferentThingsAreToldApart() {
    var other =
        Direction.fromMeanDiff(
            Tensor.gaussian(random, WIDTH), new HookPoint(1, Site.RESID_PRE), -1);
    var both = Policy.ablation(direction).then(Policy.addition(other, 2));
    assertThat(both).hasToString("ablate r; add 2 r2");
    assertThat(Policy.ablation(direction).then(Policy.addition(direction, 2)))
        .hasToString("ablate r; add 2 r");
  }

  @Test
  void whatDoesNotFitAModelIsSaid() {
    assertThat(Policy.parse("ablate r", names).problems(WIDTH, 4)).isEmpty();
    assertThat(Policy.parse("ablate r", names).problems(16, 4))
        .containsExactly("r is 8 wide, but the stream is 16 wide");
    assertThat(Policy.parse("add r", names).problems(WIDTH, 2))
        .containsExactly("the rule \"add r\" acts at layer 2, but there are 2 layers");
    assertThat(Policy.parse("ablate r when monitor > 1", names).problems(WIDTH, 4)).isEmpty();
    var early = Policy.parse("add r @layer 0 when monitor > 1", names);
    assertThat(early.problems(WIDTH, 4))
        .first()
        .asString()
        .contains("acts at blocks.0.hook_resid_pre, before its gate is read at blocks.1");
    assertThatThrownBy(() -> early.plan(4)).hasMessageContaining("before its gate is read");
    assertThatThrownBy(() -> early.requireFits("tiny", WIDTH, 4))
        .hasMessageStartingWith("the policy does not fit tiny: ");
  }

  @Test
  void aNameNeedsAnIngredientThatServes() {
    var rule = Rule.of(new Operator.Add("r", 1));
    assertThatThrownBy(() -> new Policy(List.of(rule), Map.of()))
        .hasMessage("nothing is called \"r\" in this policy");
    var map = names.find("s").orElseThrow();
    assertThatThrownBy(() -> new Policy(List.of(rule), Map.of("r", map)))
        .hasMessage("\"r\" is a map; expected a direction");
  }
}
