package dev.demur.lab.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Numbers of examples that go together.
public enum Preset {
  /// The first Open LLM Leaderboard's, which the paper's benchmarks are consistent with: ARC 25,
  /// HellaSwag 10, MMLU 5, WinoGrande 5, GSM8K 5, TruthfulQA its own six.
  ///
  /// Source: Beeching et al. 2023, Open LLM Leaderboard; Arditi et al. 2024, section 4.3.
  OPEN_LLM_LEADERBOARD;

  private static final Map<Task, Integer> LEADERBOARD =
      Map.of(
          Task.ARC_CHALLENGE, 25,
          Task.HELLASWAG, 10,
          Task.MMLU, 5,
          Task.WINOGRANDE, 5,
          Task.GSM8K, 5,
          Task.TRUTHFULQA_MC2, 0);

  /// The preset called so.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Preset named(String text) {
    return Arrays.stream(values())
        .filter(preset -> preset.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no preset is called \"%s\"; there are %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(Preset::text)
                                .collect(Collectors.joining(", ")))));
  }

  /// `open-llm-leaderboard`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Examples before a question of a task.
  public int shots(Task task) {
    return switch (this) {
      case OPEN_LLM_LEADERBOARD -> LEADERBOARD.getOrDefault(task, task.usualShots());
    };
  }
}
