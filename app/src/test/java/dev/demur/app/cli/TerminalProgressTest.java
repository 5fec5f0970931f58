package dev.demur.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Progress as a person sees it, by a clock that stands still.
class TerminalProgressTest {

  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong();
  private final Overall overall = new Overall(now::get);

  /// E1: in 80 columns a bar of 100 began a new line at every refresh.
  @ParameterizedTest
  @ValueSource(ints = {20, 40, 79, 80, 132, 300})
  void aBarIsNoWiderThanTheTerminal(int width) {
    overall.expect(List.of(1.0, 1.0));
    var stage = overall.begin(10);
    for (String name : List.of("select", "harmful_test, random-ablation-0", "名".repeat(60))) {
      assertThat(columns(TerminalProgress.line(name, 10, stage, width))).isLessThanOrEqualTo(width);
    }
    now.addAndGet(60 * SECOND);
    stage.advance(5);
    String line = TerminalProgress.line("select", 10, stage, width);
    assertThat(columns(line)).isLessThanOrEqualTo(width);
    if (width >= 79) {
      assertThat(line)
          .startsWith("stage 1 of 2: select  50 % [██")
          .contains("left 60 s, all 3 min");
    }
  }

  private static int columns(String line) {
    return new org.jline.utils.AttributedString(line).columnLength();
  }

  /// E2: nothing said which stage of how many it was, nor how long all would take.
  @Test
  void theRestIsEstimatedFromThePaceSoFar() {
    overall.expect(List.of(1.0, 3.0, 4.0));
    assertThat(run(10, 20)).isEqualTo("stage 1 of 3: ");
    var second = overall.begin(6);
    assertThat(second.title()).isEqualTo("stage 2 of 3: ");
    assertThat(second.leftInAll().orElseThrow()).isCloseTo(140, within(1e-9));
    now.addAndGet(60 * SECOND); // twice as long as it should have taken
    second.advance(3);
    assertThat(second.left().orElseThrow()).isCloseTo(60, within(1e-9));
    assertThat(second.leftInAll().orElseThrow()).isCloseTo(80 / 2.5 * 5.5, within(1e-9));
  }

  /// What an earlier run left comes at once and must not make the rest look as fast.
  @Test
  void finishedWorkThatIsFoundAgainSaysNothingAboutThePace() {
    overall.expect(List.of(5.0, 1.0, 2.0));
    run(10, 0);
    run(10, 30);
    assertThat(overall.begin(1).leftInAll().orElse(-1))
        .isEqualTo(-1); // the last: its own is enough
    overall.expect(List.of(2.0, 1.0));
    assertThat(overall.begin(1).leftInAll().orElseThrow()).isCloseTo(90, within(1e-9));
  }

  private String run(long total, long seconds) {
    var stage = overall.begin(total);
    now.addAndGet(seconds * SECOND);
    stage.advance(total);
    stage.close();
    return stage.title();
  }
}
