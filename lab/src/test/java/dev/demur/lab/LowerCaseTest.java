package dev.demur.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// D7: texts whose case Java changes in the square of their length.
class LowerCaseTest {

  /// Far above what it takes, far below the minutes it took.
  private static final double SECONDS = 2;

  private static final int LETTERS = 2_000_000;

  @Test
  void isWhatJavaMakesOfIt() {
    for (String text : List.of("", "Iİıi", "ΑΣ ΑΣΑ İΣ ΣİΣ", "İ", "ÀÉ İİ I\u0307 \uD801\uDC00")) {
      assertThat(LowerCase.of(text)).isEqualTo(text.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void takesTimeThatGrowsWithTheLength() {
    String text = "İ".repeat(LETTERS);
    var threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();
    assertThat(LowerCase.of(text)).hasSize(2 * LETTERS);
    assertThat((threads.getCurrentThreadCpuTime() - began) / 1e9).isLessThan(SECONDS);
  }
}
