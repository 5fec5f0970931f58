package dev.demur.serve.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.serve.study.Running.State;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients are told of a study or trial that was started.
class RunningTest {

  private final Running running = new Running("study-1", Job.Kind.STUDY);

  @Test
  void workThatEndsTellsWhatItFound() {
    running.run(() -> new Found("Refuses less.", List.of()));

    assertThat(running.state()).isEqualTo(State.DONE);
    assertThat(running.status().finding()).contains("Refuses less.");
  }

  @Test
  void workThatFailsTellsWhy() {
    running.run(
        () -> {
          throw new IOException("no space left");
        });

    assertThat(running.state()).isEqualTo(State.FAILED);
    assertThat(running.status().problem()).contains("no space left");
  }

  @Test
  void anErrorOfTheVirtualMachineIsToldAndGoesOn() {
    var outOfMemory = new OutOfMemoryError("Java heap space");

    assertThatThrownBy(
            () ->
                running.run(
                    () -> {
                      throw outOfMemory;
                    }))
        .isSameAs(outOfMemory);

    assertThat(running.state()).isEqualTo(State.FAILED);
    assertThat(running.status().problem()).contains("java.lang.OutOfMemoryError: Java heap space");
  }
}
