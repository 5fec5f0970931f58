package dev.demur.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EstimateTest {

  @Test
  void givesStudentsInterval() {
    // scipy.stats.t.interval(0.95, 4, 3, scipy.stats.sem([1, 2, 3, 4, 5]))
    var estimate = Estimate.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
    assertThat(estimate.mean()).isEqualTo(3);
    assertThat(estimate.low()).isCloseTo(1.0367568385224428, within(1e-9));
    assertThat(estimate.high()).isCloseTo(4.963243161477557, within(1e-9));
    assertThat(estimate.differsFromZero()).isTrue();
  }

  @Test
  void comparesPairByPair() {
    var change = Estimate.ofChange(List.of(1.0, 10.0, 100.0), List.of(2.0, 11.0, 101.0));
    assertThat(change.mean()).isEqualTo(1);
    assertThat(change.sd()).isZero();
    assertThatThrownBy(() -> Estimate.ofChange(List.of(1.0), List.of(1.0, 2.0)))
        .hasMessageContaining("pairs are needed");
  }

  @Test
  void refusesASingleValue() {
    assertThatThrownBy(() -> Estimate.of(List.of(1.0))).hasMessageContaining("at least two values");
  }
}
