package dev.demur.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers do not change while the virtual machine compiles what makes them.
class WarmUpTest {

  /// More than the calls after which the last compiler takes a method, as the build sets it.
  private static final int CALLS = 70_000;

  /// What [Exponential] states.
  private static final double UNITS_IN_THE_LAST_PLACE = 1.1;

  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void aSumAddsHalvesUntilOneLaneIsLeft(int lanes) {
    float[] x = numbers(lanes, 1);
    var species = VectorSpecies.of(float.class, VectorShape.forBitSize(32 * lanes));
    assertThat(AcrossLanes.sum((FloatVector) species.fromArray(x, 0))).isEqualTo(byHalves(x));
  }

  private static float byHalves(float[] x) {
    float[] left = x;
    while (left.length > 1) {
      float[] half = new float[left.length / 2];
      for (int i = 0; i < half.length; i++) {
        half[i] = left[i] + left[i + half.length];
      }
      left = half;
    }
    return left[0];
  }

  @Test
  void aDotProductIsTheSameInterpretedAndCompiled() {
    float[] a = numbers(72, 1);
    float[] b = numbers(72, 1);
    staysTheSame(x -> RowMath.dot(x, 0, b, 0, b.length), a);
  }

  @Test
  void theSharesOfASoftmaxAreTheSameInterpretedAndCompiled() {
    staysTheSame(
        x -> {
          float[] shares = x.clone();
          return RowMath.exponentials(shares, 1) + Arrays.hashCode(shares);
        },
        numbers(40, 5));
  }

  private static void staysTheSame(ToDoubleFunction<float[]> made, float[] x) {
    double first = made.applyAsDouble(x);
    for (int i = 0; i < CALLS; i++) {
      assertThat(made.applyAsDouble(x) == first).isTrue();
    }
  }

  @Test
  void anExponentialIsWithinWhatItStates() {
    var species = FloatVector.SPECIES_PREFERRED;
    float[] x = new float[species.length()];
    float[] y = new float[x.length];
    for (float start = -87; start < 88; start += 0.037f) {
      for (int i = 0; i < x.length; i++) {
        x[i] = start + i * 0.0041f;
      }
      Exponential.of(FloatVector.fromArray(species, x, 0)).intoArray(y, 0);
      for (int i = 0; i < x.length; i++) {
        double exact = Math.exp(x[i]);
        assertThat(Math.abs(y[i] - exact) / Math.ulp((float) exact))
            .as("e^%s", x[i])
            .isLessThan(UNITS_IN_THE_LAST_PLACE);
      }
    }
  }

  @Test
  void anExponentialKnowsItsEnds() {
    assertThat(exp(0)).isEqualTo(1);
    assertThat(exp(-1000)).isZero();
    assertThat(exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(exp(1000)).isInfinite();
    assertThat(exp(Float.POSITIVE_INFINITY)).isInfinite();
    assertThat(exp(Float.NaN)).isNaN();
    assertThat(exp(-100))
        .as("a number too small for a whole mantissa")
        .isBetween(3.6e-44f, 3.9e-44f);
  }

  private static float exp(float x) {
    return Exponential.of(FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, x)).lane(0);
  }

  private float[] numbers(int count, double size) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) (size * random.nextGaussian());
    }
    return x;
  }
}
