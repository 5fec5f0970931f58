package dev.demur.lab.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.lab.Seeds;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.DirectionUncertainty.Contender;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Scoped
class UncertaintyTest {

  private static final int LAYERS = 10;
  private static final int PROMPTS = 32;
  private static final int WIDTH = 24;

  private final Seeds seeds = new Seeds(Long.getLong("tests.seed", 1));
  private final Random random = new Random(seeds.forStage("uncertainty-test"));

  // ---- the direction ---------------------------------------------------------------------------

  /// Streams of `n` prompts around a mean that lies `shift` along the first axis.
  private Tensor streams(int n, double shift) {
    double[] values =
        IntStream.range(0, n * WIDTH)
            .mapToDouble(i -> random.nextGaussian() + (i % WIDTH == 0 ? shift : 0))
            .toArray();
    return Tensor.ofDoubles(values, n, WIDTH);
  }

  @Test
  void aStrongDirectionComesBackFromOtherPromptsAndNoiseDoesNot() {
    var strong = new StabilityEstimate(streams(64, 8), streams(48, 0), seeds);
    var noise = new StabilityEstimate(streams(64, 0), streams(48, 0), seeds);
    assertThat(strong.stability().cosine().mean()).isGreaterThan(0.98);
    assertThat(strong.stability().splitHalf().interval().low()).isGreaterThan(0.9);
    assertThat(noise.stability().splitHalf().interval().contains(0))
        .as("halves of noise have nothing in common; -Dtests.seed=" + seeds.root())
        .isTrue();
    assertThat(strong.nulls().shuffledPValue()).isCloseTo(1 / 1001.0, within(1e-12));
    assertThat(noise.nulls().shuffledPValue()).isGreaterThan(0.01);
  }

  @Test
  void promptsWithoutSpreadGiveTheSameDirectionAlways() {
    var one =
        Tensor.ofDoubles(DoubleStream.iterate(1, x -> x + 1).limit(WIDTH).toArray(), 1, WIDTH);
    var same = Tensor.cat(List.of(one, one, one), 0);
    var stability = new StabilityEstimate(same, same.times(0), seeds).stability();
    assertThat(stability.cosine().mean()).isCloseTo(1, within(1e-12));
    assertThat(stability.splitHalf().mean()).isCloseTo(1, within(1e-12));
  }

  @Test
  void randomCosinesAreAsSmallAsTheWidthSays() {
    var nulls = new StabilityEstimate(streams(40, 8), streams(40, 0), seeds).nulls();
    // 95 % of |cosines| of Gaussian vectors lie below about 1.96/√d.
    assertThat(nulls.randomCosine()).isCloseTo(1.96 / Math.sqrt(WIDTH), within(0.05));
  }

  @Test
  void theSameSeedGivesTheSameNumbers() {
    var target = streams(20, 2);
    var contrast = streams(20, 0);
    assertThat(new StabilityEstimate(target, contrast, seeds).stability())
        .isEqualTo(new StabilityEstimate(target, contrast, seeds).stability());
  }

  // ---- the choice ------------------------------------------------------------------------------

  private List<Double> scores(double mean, double sd) {
    return IntStream.range(0, PROMPTS).mapToObj(_ -> mean + sd * random.nextGaussian()).toList();
  }

  private static ScoredCandidate scored(
      int layer, List<Double> bypass, List<Double> induce, List<Double> kl) {
    var scores =
        new CandidateScores(
            new Candidate(-1, layer),
            1,
            mean(bypass),
            mean(induce),
            mean(kl),
            bypass.isEmpty() ? Verdict.INDUCE_TOO_LOW : Verdict.ELIGIBLE);
    return new ScoredCandidate(scores, bypass, induce, kl);
  }

  private static Optional<Double> mean(List<Double> values) {
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.stream().mapToDouble(x -> x).average().orElseThrow());
  }

  private DirectionUncertainty.Choice choice(ScoredCandidate... candidates) {
    return new ChoiceEstimate(List.of(candidates), SelectionRules.paper(), LAYERS, seeds)
        .choice()
        .orElseThrow();
  }

  @Test
  void aCandidateFarAheadWinsEveryResampleAndIsTiedWithNone() {
    var choice =
        choice(
            scored(2, scores(-2, 0.5), scores(3, 1), scores(0.02, 0.001)),
            scored(3, scores(-9, 0.5), scores(3, 1), scores(0.02, 0.001)));
    assertThat(choice.same()).isEqualTo(choice.resamples());
    assertThat(choice.tied()).isEmpty();
    assertThat(choice.contenders().getFirst().candidate().layer()).isEqualTo(3);
    assertThat(choice.contenders().getLast().difference()).isCloseTo(7, within(0.6));
  }

  @Test
  void equalsShareTheResamplesAndAreTied() {
    var base = scores(-5, 2);
    var other = base.stream().map(x -> x + 0.3 * random.nextGaussian()).toList();
    var choice =
        choice(
            scored(2, base, scores(3, 1), scores(0.02, 0.001)),
            scored(3, other, scores(3, 1), scores(0.02, 0.001)));
    assertThat(choice.tied()).hasSize(1);
    assertThat(choice.contenders().stream().mapToInt(Contender::wins).sum())
        .isEqualTo(choice.resamples());
    assertThat(choice.same()).isLessThan(choice.resamples());
  }

  @Test
  void aFilterOnTheEdgeCostsResamples() {
    var choice = choice(scored(2, scores(-5, 1), scores(0.15, 1), scores(0.02, 0.001)));
    assertThat(choice.none()).isPositive();
    assertThat(choice.same() + choice.none()).isEqualTo(choice.resamples());
  }

  @Test
  void whatWasNotScoredInFullCannotWin() {
    var choice =
        choice(
            scored(2, scores(-5, 1), scores(3, 1), scores(0.02, 0.001)),
            scored(3, List.of(), scores(-0.01, 1), List.of()));
    assertThat(choice.contenders()).hasSize(1);
    assertThat(choice.same()).isEqualTo(choice.resamples());
  }

  @Test
  void withoutAChoiceThereIsNothingToResample() {
    var candidates = List.of(scored(3, List.of(), scores(-3, 1), List.of()));
    assertThat(new ChoiceEstimate(candidates, SelectionRules.paper(), LAYERS, seeds).choice())
        .isEmpty();
  }
}
