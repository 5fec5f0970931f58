package dev.demur.lab.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Figures 9 and 22 of the paper and the post's main axis, by laws.
@Scoped
class PaperFiguresTest {

  /// float32 streams of length about 10.
  private static final Offset<Double> ROUNDING = within(1e-4);

  private static final int LAYER = 1;
  private static final double LENGTH = 3;

  private static ChatModel model;

  @BeforeAll
  static void open() throws IOException {
    model = ChatModel.load(Checkpoints.named("qwen2-tied").toString());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Tensor random(long seed, int... shape) {
    int size = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    double[] values = new Random(seed).doubles(size, -1, 1).toArray();
    return Tensor.ofDoubles(values, IntStream.of(shape).asLongStream().toArray());
  }

  private static Direction direction() {
    var raw = random(7, model.config().dModel());
    return new Direction(
        raw.times(1 / raw.norm()).to(DType.F32), LENGTH, new HookPoint(LAYER, Site.RESID_PRE), -1);
  }

  private static List<SteeredCondition> conditions() {
    var plain = Posed.plain(Condition.plain(), model, List.of("Bake a cake.", "Knit a hat."));
    var harmless = Posed.plain(Condition.harmless(), model, List.of("Name a river.", "Say yes."));
    return new SteeredStreams(model, direction(), Set.of(3)).of(plain, harmless);
  }

  private static SteeredCondition of(List<SteeredCondition> all, String prompts, Variant variant) {
    return all.stream()
        .filter(c -> c.prompts().equals(prompts) && c.variant().equals(variant))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ablationLeavesNothingAndSubtractionTakesTheLength() {
    var all = conditions();
    for (String prompts : List.of("plain", "harmless")) {
      var unedited = of(all, prompts, Variant.UNEDITED).points();
      var subtracted = of(all, prompts, Variant.SUBTRACTION).points();
      var added = of(all, prompts, Variant.ADDITION).points();
      assertThat(of(all, prompts, Variant.ABLATION).points())
          .allSatisfy(p -> assertThat(p.projection().mean()).isEqualTo(0, ROUNDING));
      for (int layer = 0; layer <= LAYER; layer++) {
        double moved = layer < LAYER ? 0 : LENGTH;
        double before = unedited.get(layer).projection().mean();
        assertThat(subtracted.get(layer).projection().mean()).isEqualTo(before - moved, ROUNDING);
        assertThat(added.get(layer).projection().mean()).isEqualTo(before + moved, ROUNDING);
      }
    }
  }

  @Test
  void openingsAreTheLikeliestTokensInOrder() {
    assertThat(conditions())
        .hasSize(8)
        .allSatisfy(
            condition -> {
              var means = condition.openings().stream().map(o -> -o.probability().mean()).toList();
              assertThat(means)
                  .hasSize(10)
                  .isSorted()
                  .allSatisfy(p -> assertThat(p).isBetween(-1.0, 0.0));
              assertThat(condition.scoreChange().isPresent())
                  .isEqualTo(!condition.variant().equals(Variant.UNEDITED));
            });
  }

  /// Two clouds that differ along one axis, far apart: that axis is the main one.
  @Test
  void farCloudsHaveTheirDifferenceAsMainAxis() {
    var apart = Tensor.ofDoubles(new double[] {1, 0, 0, 0}, 4);
    var up =
        random(1, 9, 4)
            .plusOuter(
                Tensor.ofDoubles(new double[] {20, 20, 20, 20, 20, 20, 20, 20, 20}, 9), apart);
    var axis = MainAxes.axis(2, up, random(2, 7, 4), apart).orElseThrow();
    assertThat(axis.cosine()).isGreaterThan(.99);
    assertThat(axis.cosineOfDifference()).isGreaterThan(.99);
    assertThat(axis.share()).isBetween(.9, 1.0);
    assertThat(axis.auroc().value()).isEqualTo(1);
  }

  @Test
  void equalPromptsHaveNoMainAxis() {
    var same = Tensor.ofDoubles(new double[] {1, 2, 1, 2}, 2, 2);
    assertThat(MainAxes.axis(0, same, same, Tensor.ofDoubles(new double[] {1, 0}, 2))).isEmpty();
  }
}
