package dev.demur.kit;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// A check that cannot fail is a defect: this one can.
@Scoped
class ToleranceTest {

  private static final Tolerance TENTH = Tolerance.ofLargest(0.1, "because");
  private static final float INFINITE = Float.NEGATIVE_INFINITY;

  @Test
  void aShareIsOfTheLargestFiniteExpectedValue() {
    passes(TENTH, new float[] {1, 10, INFINITE}, new float[] {1.9f, 10.9f, INFINITE});
    fails(TENTH, new float[] {1, 10}, new float[] {2.1f, 10});
    fails(TENTH, new float[] {0.1f}, new float[] {0.12f});
    passes(Tolerance.ofLargestOrOne(0.1, "because"), new float[] {0.1f}, new float[] {0.12f});
    passes(TENTH.at(20), new float[] {1}, new float[] {2.9f});
    fails(TENTH.at(20), new float[] {100}, new float[] {103});
  }

  @Test
  void nothingIsCloseToNaN() {
    fails(TENTH, new float[] {Float.NaN}, new float[] {1});
    fails(TENTH, new float[] {1}, new float[] {Float.NaN});
    fails(TENTH, new float[] {Float.NaN}, new float[] {Float.NaN});
    fails(TENTH, new float[] {1}, new float[] {INFINITE});
    fails(TENTH, new float[] {INFINITE}, new float[] {1});
  }

  @Test
  void shapesMustBeEqual() {
    var flat = Tensor.of(new float[] {1, 2}, 2);
    assertThatThrownBy(() -> assertClose(flat, flat.reshape(1, 2), TENTH))
        .isInstanceOf(AssertionError.class);
  }

  private static void passes(Tolerance tolerance, float[] expected, float[] actual) {
    assertThatCode(() -> assertClose("x", actual, expected, tolerance)).doesNotThrowAnyException();
  }

  private static void fails(Tolerance tolerance, float[] expected, float[] actual) {
    assertThatThrownBy(() -> assertClose("x", actual, expected, tolerance))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("because");
  }
}
