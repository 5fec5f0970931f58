package dev.demur.lab.explain;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.EveryFamily;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.lab.direction.Direction;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What activation patching must do, on every family's tiny checkpoint.
@Scoped
@EveryDevice
class PatchingLawsTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(
          2e-4,
          "the last token's values are the same numbers; products of other shapes may round"
              + " otherwise");

  private static final long SEED = Long.getLong("tests.seed", 7);

  @EveryFamily
  void aConditionPutIntoItselfChangesNothing(Path folder) throws IOException {
    assumeTrue(hasAttentionEverywhere(folder));
    try (var pair = Pair.open(folder)) {
      var expected = pair.checks.run(pair.second);
      for (var kind : Patch.Kind.values()) {
        var patch = new Patch(kind, pair.lastLayer(), 1);
        var same = pair.checks.patched(pair.second, pair.second, patch, pair.heads());
        assertEqual(kind, same, expected);
      }
    }
  }

  @EveryFamily
  void everythingPutInGivesTheOtherCondition(Path folder) throws IOException {
    assumeTrue(hasAttentionEverywhere(folder));
    try (var pair = Pair.open(folder)) {
      var all = new Patch(Patch.Kind.EVERYTHING, 0, 0);
      var got = pair.checks.patched(pair.second, pair.first, all, pair.heads());
      assertEqual(Patch.Kind.EVERYTHING, got, pair.checks.run(pair.first));
      assertThat(pair.checks.run(pair.second)).isNotEqualTo(pair.checks.run(pair.first));
    }
  }

  @EveryFamily
  void aModelWithALayerWithoutAttentionIsRefused(Path folder) throws IOException {
    assumeTrue(!hasAttentionEverywhere(folder));
    try (var model = ChatModel.of(Checkpoints.open(folder), DTypeChoice.F32, Devices.choice())) {
      String said = "an explanation needs " + model.transformer().unsplittable().orElseThrow();
      assertThatThrownBy(() -> Pair.open(folder))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(said);
      var direction =
          Direction.fromMeanDiff(
              TinyModels.unit(new Random(SEED), model.config().dModel()),
              new HookPoint(0, Site.RESID_PRE),
              -1);
      assertThatThrownBy(() -> new Microscope(model, direction, Set.of(3), 2)).hasMessage(said);
    }
  }

  /// Opened once for three laws.
  private static final Map<Path, Boolean> ATTENTION_EVERYWHERE = new ConcurrentHashMap<>();

  private static boolean hasAttentionEverywhere(Path folder) {
    return ATTENTION_EVERYWHERE.computeIfAbsent(folder, PatchingLawsTest::isSplittable);
  }

  private static boolean isSplittable(Path folder) {
    try (var model = ChatModel.of(Checkpoints.open(folder), DTypeChoice.F32, Devices.choice())) {
      return model.transformer().unsplittable().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertEqual(
      Patch.Kind kind, CausalChecks.Outcome actual, CausalChecks.Outcome expected) {
    assertClose(kind + ": projection", actual.projection(), expected.projection(), ROUNDING);
    assertClose(kind + ": score", actual.score(), expected.score(), ROUNDING.at(10));
  }

  /// Two prompts of a model, of different lengths.
  private record Pair(ChatModel model, CausalChecks checks, TokenIds first, TokenIds second)
      implements AutoCloseable {

    static Pair open(Path folder) throws IOException {
      var model = ChatModel.of(Checkpoints.open(folder), DTypeChoice.F32, Devices.choice());
      int width = model.config().dModel();
      var unit = TinyModels.unit(new Random(SEED), width);
      var checks = new CausalChecks(model, unit, Set.of(3, 5), model.config().nLayers());
      try (var golden = Checkpoints.golden(folder)) {
        var first = Checkpoints.ids(golden, "prompt.0.tokens");
        var second = first.slice(0, 4).plus(Checkpoints.ids(golden, "prompt.1.tokens"));
        return new Pair(model, checks, first, second);
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
      model.close();
    }
  }
}
