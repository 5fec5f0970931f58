package dev.demur.lab.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

@Scoped
class SeparationTest {

  private static final Candidate PLACE = new Candidate(-1, 3);
  private static final int PROMPTS = 400;
  private static final int WIDTH = 16;

  /// Four standard errors of d′ at 200 prompts a half.
  private static final double TOLERANCE = 0.35;

  @Test
  void isTheShiftInUnitsOfTheSpread() {
    var shift = Tensor.zeros(DType.F64, WIDTH);
    shift.narrow(0, 2, 1).copyInPlace(Tensor.ofDoubles(new double[] {3}, 1));
    var separation = Separation.of(PLACE, gaussian(1).plus(shift), gaussian(2)).orElseThrow();
    assertThat(separation.dPrime()).isCloseTo(3, within(TOLERANCE));
  }

  @Test
  void isNearNothingWhereTheSetsDoNotDiffer() {
    // Along a direction of the same prompts it would be about 2 · sqrt(16 / 200) = 0.57.
    var separation = Separation.of(PLACE, gaussian(3), gaussian(4)).orElseThrow();
    assertThat(separation.dPrime()).isCloseTo(0, within(TOLERANCE));
  }

  @Test
  void doesNotDependOnTheScale() {
    var one = gaussian(5).plus(0.5);
    var two = gaussian(6);
    assertThat(Separation.of(PLACE, one.times(7), two.times(7)).orElseThrow().dPrime())
        .isCloseTo(Separation.of(PLACE, one, two).orElseThrow().dPrime(), within(1e-9));
  }

  @Test
  void isNoneOfTooFewPromptsOrWithoutSpread() {
    assertThat(Separation.of(PLACE, gaussian(7).narrow(0, 0, 3), gaussian(8))).isEmpty();
    var same = Tensor.zeros(DType.F64, 8, WIDTH);
    assertThat(Separation.of(PLACE, same, same)).isEmpty();
  }

  private static Tensor gaussian(long seed) {
    return Tensor.gaussian(new Random(seed), PROMPTS, WIDTH).to(DType.F64);
  }
}
