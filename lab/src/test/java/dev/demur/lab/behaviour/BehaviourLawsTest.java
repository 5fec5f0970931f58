package dev.demur.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.lab.Seeds;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.ParentResult.DeltaRow;
import dev.demur.lab.audit.ParentResult.KindRow;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.stats.Interval;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Equalities the measures of behaviour must satisfy, on made-up streams.
@Scoped
class BehaviourLawsTest {

  private static final int PROMPTS = 24;
  private static final int POSITIONS = 2;
  private static final int LAYERS = 6;
  private static final int D_MODEL = 20;
  private static final Seeds SEEDS = new Seeds(42);

  /// float64 arithmetic on float32 values of size about 5.
  private static final double ROUNDING = 1e-5;

  private final Random random = new Random(7);
  private Direction direction;

  @BeforeEach
  void open() {
    direction =
        Direction.fromMeanDiff(
            Tensor.gaussian(random, D_MODEL), new HookPoint(2, Site.RESID_PRE), -1);
  }

  @Test
  void aModelRetainsItsOwnGap() {
    var streams = streams(3);
    var gap = RetainedGap.of(streams, streams, direction, SEEDS).orElseThrow();
    assertThat(gap.ratio()).isEqualTo(1);
    assertThat(gap.interval().low()).isCloseTo(1, within(ROUNDING));
    assertThat(gap.interval().high()).isCloseTo(1, within(ROUNDING));
    assertThat(gap.layers()).extracting(RetainedGap.LayerGap::layer).containsExactly(1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2})
  void theGapFallsByWhatIsRemoved(double strength) {
    var parent = streams(3);
    var checkpoint =
        new Streams(
            removing(parent.harmful(), strength),
            removing(parent.harmless(), strength),
            parent.harmfulLogits(),
            parent.harmlessLogits());
    var gap = RetainedGap.of(checkpoint, parent, direction, SEEDS).orElseThrow();
    assertThat(gap.ratio()).isCloseTo(1 - strength, within(ROUNDING));
    assertThat(gap.interval().contains(gap.ratio())).isTrue();
  }

  @Test
  void aParentWithoutAGapGivesNoRatio() {
    var streams = streams(3);
    var turned =
        new Streams(
            streams.harmless(),
            streams.harmful(),
            streams.harmfulLogits(),
            streams.harmlessLogits());
    assertThat(RetainedGap.of(streams, turned, direction, SEEDS)).isEmpty();
  }

  @Test
  void aMatrixOfRankOneHasStableRankOne() {
    var column = Tensor.gaussian(random, 9).to(DType.F64);
    var rows =
        Tensor.zeros(DType.F64, 9, 5).plusOuter(column, Tensor.gaussian(random, 5).to(DType.F64));
    assertThat(Streams.stableRank(rows)).isCloseTo(1, within(ROUNDING));
  }

  @ParameterizedTest
  @CsvSource({"4, 9", "9, 4", "6, 6"})
  void orthonormalRowsHaveFullStableRank(int rows, int columns) {
    var matrix = Tensor.zeros(DType.F64, rows, columns);
    for (int i = 0; i < Math.min(rows, columns); i++) {
      matrix.row(i).narrow(0, i, 1).copyInPlace(Tensor.ofDoubles(new double[] {1}, 1));
    }
    assertThat(Streams.stableRank(matrix)).isCloseTo(Math.min(rows, columns), within(ROUNDING));
  }

  @Test
  void promptsThatDifferAlongOneDirectionHaveStableRankOne() {
    var still = Tensor.zeros(DType.F32, PROMPTS, POSITIONS, LAYERS, D_MODEL);
    var shifted = still.plus(direction.raw());
    var streams = new Streams(shifted, still, logits(), logits());
    assertThat(streams.stableRank(new Candidate(-1, 2))).isCloseTo(1, within(ROUNDING));
    assertThat(streams(0).stableRank(new Candidate(-1, 2))).isGreaterThan(3);
  }

  @ParameterizedTest
  @CsvSource({
    // λ of all writers, cosine, ρ: lost by weights, by streams
    "1, 1, 0, 1, 1",
    "1, 0.8, 0.36, 0.64, 0.64",
    "0.5, 1, 0.5, 0.5, 0.5",
    "2, 1, -1, 1, 1",
    "0, 1, 1, 0, 0",
    "0, 1, 0.2, 0, 0.8"
  })
  void lossByWeightsAndByStreamsIsOneQuantity(
      double strength, double cosine, double ratio, double byWeights, double byStreams) {
    var lost = LostShare.of(weights(strength, cosine), gap(ratio));
    assertThat(lost.byWeights()).isCloseTo(byWeights, within(ROUNDING));
    assertThat(lost.byStreams()).isCloseTo(byStreams, within(ROUNDING));
    assertThat(lost.combined()).isEqualTo(Math.max(lost.byWeights(), lost.byStreams()));
  }

  @Test
  void oneSetIsSplitIntoWhatIsReadAndWhatIsAsked() {
    var set = PromptSet.of("set", instructions(40));
    var other = PromptSet.of("other", instructions(300));
    var prompts = BehaviourPrompts.of(set, other, BehaviourConfig.asking(32));
    assertThat(prompts.readHarmful().indices())
        .hasSize(26)
        .doesNotContainAnyElementsOf(prompts.askedHarmful().indices());
    assertThat(prompts.askedHarmful().size()).isEqualTo(14);
    assertThat(prompts.readHarmless().size()).isEqualTo(64);
    assertThat(prompts.askedHarmless().size()).isEqualTo(32);
    assertThat(BehaviourPrompts.of(set, other, BehaviourConfig.asking(32))).isEqualTo(prompts);
    assertThatThrownBy(
            () ->
                BehaviourPrompts.of(
                    PromptSet.of("few", instructions(15)), other, BehaviourConfig.asking(32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("few holds 15 prompts");
  }

  @Test
  void oneTokenOverAndOverIsNoAnswer() {
    assertThat(Answers.isStuck(TokenIds.of(7, 7, 7, 7, 7, 7, 7, 7))).isTrue();
    assertThat(Answers.isStuck(TokenIds.of(7, 1, 7, 2, 7, 3, 7, 4))).isTrue();
    assertThat(Answers.isStuck(TokenIds.of(1, 2, 3, 4, 5, 6, 7, 7))).isFalse();
    assertThat(Answers.isStuck(TokenIds.of(7, 7))).as("a short answer").isFalse();
  }

  /// Random streams; harmful prompts are shifted along the direction.
  private Streams streams(double shift) {
    var harmful =
        Tensor.gaussian(random, PROMPTS, POSITIONS, LAYERS, D_MODEL)
            .plus(direction.unit().times(shift));
    var harmless = Tensor.gaussian(random, PROMPTS, POSITIONS, LAYERS, D_MODEL);
    return new Streams(harmful, harmless, logits(), logits());
  }

  private static Tensor logits() {
    return Tensor.zeros(DType.F32, PROMPTS, 3);
  }

  private Tensor removing(Tensor values, double strength) {
    var rows = values.reshape(-1, D_MODEL);
    var unit = direction.unit();
    return rows.plusOuter(rows.dotRows(unit).times(-strength), unit)
        .reshape(PROMPTS, POSITIONS, LAYERS, D_MODEL);
  }

  private static RetainedGap gap(double ratio) {
    return new RetainedGap(List.of(), ratio, new Interval(ratio, ratio, 0.95, "exact"));
  }

  private static ParentResult weights(double strength, double cosine) {
    var rows = new ArrayList<DeltaRow>();
    for (int i = 0; i < 5; i++) {
      rows.add(new DeltaRow("w" + i, "mlp", 0.1, 1, 1, strength, Optional.of(cosine)));
    }
    return new ParentResult(
        "parent",
        Verdict.CLEAN,
        List.of(),
        List.of(
            new KindRow("embedding", 1, 1, 0.1),
            new KindRow("attention", 2, 2, 0.1),
            new KindRow("mlp", 2, 2, 0.1),
            new KindRow("readers and norms", 30, 0, 0)),
        1,
        0.1,
        strength,
        Optional.of(cosine),
        rows);
  }

  private static List<String> instructions(int count) {
    return IntStream.range(0, count).mapToObj(i -> "Bake loaf " + i).toList();
  }
}
