package dev.demur.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.lab.run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  /// The process went down in the midst of libtorch's backward pass, which crashed.
  @Test
  void theEndComesBetweenTwoSteps() throws InterruptedException {
    try (var watch = Interruption.watch(Cli.nowhere(), "The same command goes on.")) {
      var task = watch.countingSteps(Progress.silent()).start("train", 9);
      task.advance(1); // nothing ends yet
      var end = Thread.ofPlatform().daemon().start(watch::end);
      assertThat(end.join(A_MOMENT)).as("ends in the midst of a step").isFalse();
      var step = Thread.ofPlatform().daemon().start(() -> task.advance(1));
      assertThat(end.join(LONG)).as("ends behind it").isTrue();
      assertThat(step.join(A_MOMENT)).as("goes on").isFalse();
    }
  }
}
