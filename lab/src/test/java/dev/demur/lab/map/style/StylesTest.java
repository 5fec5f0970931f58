package dev.demur.lab.map.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// How refusals speak.
class StylesTest {

  private static final Offset<Double> ROUNDING = within(1e-9);

  @Test
  void stylesThatShareNothingAreOneBitApartAndTheSameAreNone() {
    assertThat(Styles.divergence(List.of(1.0, 0.0), List.of(0.0, 1.0))).isEqualTo(1, ROUNDING);
    assertThat(Styles.divergence(List.of(0.3, 0.7), List.of(0.3, 0.7))).isZero();
  }

  @Test
  void aRefusalHasTheStyleOfWhatItAppealsTo() {
    assertThat(Style.of("As an AI, I don\u2019t sleep.")).isEqualTo(Style.IDENTITY);
    assertThat(Style.of("Could you tell me to whom?")).isEqualTo(Style.MISSING);
    assertThat(Style.of("That would hurt somebody.")).isEqualTo(Style.MORAL);
    assertThat(Style.of("This is against my guidelines.")).isEqualTo(Style.POLICY);
    assertThat(Style.of("I am unable to do that.")).isEqualTo(Style.CAPABILITY);
    assertThat(Style.of("No.")).isEqualTo(Style.OTHER);
  }
}
