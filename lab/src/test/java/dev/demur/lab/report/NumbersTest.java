package dev.demur.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.stats.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "SHARE, 0.93, 93.0 %",
    "SHARE, 1, 100.0 %",
    "POINTS, -0.91, −91.0",
    "POINTS, 0.07, +7.0",
    "POINTS, 0, 0.0",
    "NATS, -14.4193, −14.42",
    "NATS, -0.001, 0.00",
    "KL, 0.0659, 0.066",
    "KL, 0.0001, < 0.001",
    "KL, 13.1445, 13.145",
    "STREAM, 16.06, 16.1",
    "STREAM, 0.0000003, 0.00",
    "SECONDS, 3.21, 3.2 s",
    "SECONDS, 611.4, 10 min 11 s",
    "SECONDS, 7260, 2 h 01 min",
    "P_VALUE, 0.00001, < 0.0001",
    "P_VALUE, 0.0034, 0.0034",
    "P_VALUE, 0.034, 0.034",
    "P_VALUE, 1, 1.00",
    "SPEED, 1234.6, '1,235'"
  })
  void writesEachUnitItsOwnWay(Unit unit, double value, String text) {
    assertThat(Numbers.amount(value, unit).replace('\u00a0', ' ')).isEqualTo(text);
  }

  @Test
  void neverWritesARateWithoutItsInterval() {
    assertThat(Numbers.rate(new Rate(27, 32)).replace('\u00a0', ' '))
        .isEqualTo("84.4 % (68.2 to 93.1 %)");
  }

  @Test
  void namesWithNumbersWithoutSeparators() {
    assertThat(Numbers.ordinal(19152)).isEqualTo("19152");
    assertThat(Numbers.ordinal(-2)).isEqualTo("−2");
    assertThat(Numbers.count(19152)).isEqualTo("19,152");
  }

  /// Rounded as a measured share is, a promise of 0.05 % would read 0.1 %.
  @Test
  void aChosenShareKeepsItsDigits() {
    assertThat(Numbers.chosenShare(0.0005)).isEqualTo("0.05\u00a0%");
    assertThat(Numbers.chosenShare(0.95)).isEqualTo("95\u00a0%");
    assertThat(Numbers.chosenShare(0.29)).isEqualTo("29\u00a0%");
  }
}
