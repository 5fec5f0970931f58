package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.benchmark.Preset;
import dev.demur.lab.benchmark.Task;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShotsTest {

  private static final Optional<Preset> LEADERBOARD =
      Optional.of(Preset.named("open-llm-leaderboard"));

  /// The settings the paper's benchmarks are consistent with.
  @Test
  void theLeaderboardHasExamplesOfItsOwnForEachTask() {
    var shots = Shots.of(List.of(), LEADERBOARD);
    assertThat(List.of(Task.ARC_CHALLENGE, Task.HELLASWAG, Task.MMLU, Task.WINOGRANDE, Task.GSM8K))
        .extracting(shots::of)
        .containsExactly(25, 10, 5, 5, 5);
    assertThat(shots.of(Task.TRUTHFULQA_MC2)).isZero();
  }

  @Test
  void aTasksOwnNumberComesBeforeTheCommonOneAndThatBeforeThePreset() {
    var shots = Shots.of(List.of("3", "mmlu=2"), LEADERBOARD);
    assertThat(shots.of(Task.MMLU)).isEqualTo(2);
    assertThat(shots.of(Task.ARC_CHALLENGE)).isEqualTo(3);
    assertThat(Shots.of(List.of(), Optional.empty()).of(Task.GSM8K)).isEqualTo(5);
  }

  @Test
  void whatIsNoNumberIsNamed() {
    assertThatThrownBy(() -> Shots.of(List.of("-1"), LEADERBOARD)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> Shots.of(List.of("chess=2"), LEADERBOARD))
        .hasMessageContaining("no task is called \"chess\"");
    assertThatThrownBy(() -> Preset.named("elo")).hasMessageContaining("open-llm-leaderboard");
  }
}
