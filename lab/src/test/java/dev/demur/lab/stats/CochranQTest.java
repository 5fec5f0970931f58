package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CochranQTest {

  private static final Offset<Double> ROUNDING = within(1e-12);

  /// A χ² tail rounded to the digits below.
  private static final Offset<Double> PRINTED = within(1e-5);

  private static List<Boolean> bits(String text) {
    return text.chars().mapToObj(c -> c == '1').toList();
  }

  @Test
  void ofTwoConditionsItIsMcNemarWithoutCorrection() {
    for (int b = 0; b < 6; b++) {
      for (int c = 0; c < 6; c++) {
        var first = new ArrayList<>(bits("1".repeat(b) + "0".repeat(c) + "10"));
        var second = new ArrayList<>(bits("0".repeat(b) + "1".repeat(c) + "10"));
        double expected = b + c == 0 ? 0 : (double) (b - c) * (b - c) / (b + c);
        assertThat(CochranQ.of(List.of(first, second)).q()).isEqualTo(expected, ROUNDING);
      }
    }
  }

  /// Worked by hand: columns 6, 4, 2 of 8, rows 3 3 2 2 1 1 0 0: Q = 2(3·56 − 144)/(36 − 28) = 6, p
  /// = exp(−3).
  @Test
  void equalsAnExampleWorkedByHand() {
    var test = CochranQ.of(List.of(bits("11111100"), bits("11110000"), bits("11000000")));
    assertThat(test.q()).isEqualTo(6, ROUNDING);
    assertThat(test.pValue()).isEqualTo(Math.exp(-3), PRINTED);
  }

  @Test
  void withoutADifferenceItIsSureOfNothing() {
    var same = bits("1100");
    assertThat(CochranQ.of(List.of(same, same, same)).pValue()).isEqualTo(1);
  }

  @Test
  void conditionsNeedTheSamePrompts() {
    assertThatThrownBy(() -> CochranQ.of(List.of(bits("11"), bits("1"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CochranQ.of(List.of(bits("11"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
