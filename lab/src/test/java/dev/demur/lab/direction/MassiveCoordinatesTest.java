package dev.demur.lab.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A7: a coordinate that is massive whatever the prompt, planted among ordinary ones.
@Scoped
class MassiveCoordinatesTest {

  private static final int POSITIONS = 2;
  private static final int LAYERS = 3;
  private static final int WIDTH = 64;
  private static final int PLANTED = 17;
  private static final Candidate LAST = new Candidate(-1, 2);

  /// A few float64 operations on numbers up to 1.
  private static final double ROUNDING = 1e-12;

  @Test
  void findsThePlantedCoordinateAndItsShare() {
    var target = means(1, 1000, 1030);
    var contrast = means(2, 1000, 1000);
    var massive = MassiveCoordinates.of(target, contrast);
    assertThat(massive.coordinates()).hasSize(1);
    var found = massive.coordinates().getFirst();
    assertThat(found.index()).isEqualTo(PLANTED);
    assertThat(found.place()).isEqualTo(LAST);
    assertThat(found.ratio()).isGreaterThan(MassiveCoordinates.LEAST_RATIO);
    double[] difference = CandidateGrid.between(target, contrast).at(LAST).toDoubles();
    double share = 900 / Tensor.ofDoubles(difference, WIDTH).square().sum().item();
    assertThat(found.share()).isCloseTo(share, within(ROUNDING)).isGreaterThan(0.8);
    assertThat(massive.ofChosen(Tensor.ofDoubles(difference, WIDTH)).chosenShare().orElseThrow())
        .isCloseTo(share, within(ROUNDING));
  }

  @Test
  void leavesOrdinaryCoordinatesAlone() {
    assertThat(MassiveCoordinates.of(means(1, 1, 1), means(2, 1, 1)).isEmpty()).isTrue();
  }

  /// Outliers that both sets have alike are ordinary: they hold nothing of the difference.
  @Test
  void leavesMassiveCoordinatesWithoutAShareAlone() {
    assertThat(MassiveCoordinates.of(means(1, 1000, 1000), means(2, 1000, 1000)).isEmpty())
        .isTrue();
  }

  /// Noise has no shares: what both sets hold alike differs by rounding only.
  @Test
  void looksAtNoPlaceThatIsNoise() {
    var same = means(1, 1000, 1000);
    double[] moved = same.toDoubles();
    moved[PLANTED] += 1e-9;
    assertThat(
            MassiveCoordinates.of(Tensor.ofDoubles(moved, POSITIONS, LAYERS, WIDTH), same)
                .isEmpty())
        .isTrue();
  }

  @Test
  void takesTheCoordinatesOutAndNothingElse() {
    var massive = MassiveCoordinates.of(means(1, 1000, 1030), means(2, 1000, 1000));
    var before = means(3, 5, 5);
    double[] after = massive.takenFrom(before).toDoubles();
    double[] expected = before.toDoubles();
    for (int i = PLANTED; i < expected.length; i += WIDTH) {
      expected[i] = 0;
    }
    assertThat(after).isEqualTo(expected);
    assertThat(MassiveCoordinates.none().takenFrom(before).toDoubles())
        .isEqualTo(before.toDoubles());
  }

  /// Ordinary values of size 1, and one coordinate that is `everywhere`, but `last` at the last
  /// place.
  private static Tensor means(long seed, double everywhere, double last) {
    var random = new Random(seed);
    double[] values = new double[POSITIONS * LAYERS * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    for (int place = 0; place < POSITIONS * LAYERS; place++) {
      boolean isLast = place == POSITIONS * LAYERS - 1;
      values[place * WIDTH + PLANTED] = isLast ? last : everywhere;
    }
    return Tensor.ofDoubles(values, POSITIONS, LAYERS, WIDTH);
  }
}
