package dev.demur.lab.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.arch.Checkpoints;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What activation patching must do, on every family's tiny checkpoint.
class PatchingLawsTest {

  /// The last token's values are the same numbers; products of other shapes may round otherwise.
  private static final double ROUNDING = 2e-4;

  private static final long SEED = Long.getLong("tests.seed", 7);

  static Stream<Named<Path>> checkpoints() throws IOException {
    return Checkpoints.of(Path.of("../model/src/test/resources/golden/checkpoints"));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void aConditionPutIntoItselfChangesNothing(Path folder) throws IOException {
    try (var pair = Pair.open(folder)) {
      var expected = pair.checks.run(pair.second);
      for (var kind : Patch.Kind.values()) {
        var patch = new Patch(kind, pair.lastLayer(), 1);
        var same = pair.checks.patched(pair.second, pair.second, patch, pair.heads());
        assertClose(kind, same, expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everythingPutInGivesTheOtherCondition(Path folder) throws IOException {
    try (var pair = Pair.open(folder)) {
      var all = new Patch(Patch.Kind.EVERYTHING, 0, 0);
      var got = pair.checks.patched(pair.second, pair.first, all, pair.heads());
      assertClose(Patch.Kind.EVERYTHING, got, pair.checks.run(pair.first));
      assertThat(pair.checks.run(pair.second)).isNotEqualTo(pair.checks.run(pair.first));
    }
  }

  private static void assertClose(
      Patch.Kind kind, CausalChecks.Outcome actual, CausalChecks.Outcome expected) {
    double size = Math.max(1, Math.abs(expected.projection()));
    assertThat(actual.projection())
        .as(kind + ": projection")
        .isCloseTo(expected.projection(), within(ROUNDING * size));
    assertThat(actual.score())
        .as(kind + ": score")
        .isCloseTo(expected.score(), within(ROUNDING * 10));
  }

  /// Two prompts of a model, of different lengths.
  private record Pair(
      ChatModel model, Scope scope, CausalChecks checks, TokenIds first, TokenIds second)
      implements AutoCloseable {

    static Pair open(Path folder) throws IOException {
      var scope = Scope.open();
      var model = ChatModel.of(Checkpoints.open(folder), DTypeChoice.F32);
      int width = model.config().dModel();
      var gaussian = Tensor.gaussian(new Random(SEED), width);
      var checks =
          new CausalChecks(
              model, gaussian.times(1 / gaussian.norm()), Set.of(3, 5), model.config().nLayers());
      try (var golden = Checkpoints.golden(folder)) {
        var first = Checkpoints.ids(golden, "prompt.0.tokens");
        var second = first.slice(0, 4).plus(Checkpoints.ids(golden, "prompt.1.tokens"));
        return new Pair(model, scope, checks, first, second);
      }
    }

    int lastLayer() {
      return model.config().nLayers() - 1;
    }

    List<Component> heads() {
      return List.of(Component.head(0, 0), Component.head(lastLayer(), 1));
    }

    @Override
    public void close() {
      scope.close();
      model.close();
    }
  }
}
