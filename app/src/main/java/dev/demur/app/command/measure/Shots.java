package dev.demur.app.command.measure;

import dev.demur.lab.benchmark.Preset;
import dev.demur.lab.benchmark.Task;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many examples stand before a question.
///
/// @param byTask those named for a task
/// @param all the number named for all tasks
/// @param preset where neither is named
record Shots(Map<Task, Integer> byTask, Optional<Integer> all, Optional<Preset> preset) {

  private static final int MOST = 1000;

  /// Reads `K` and `TASK=K`.
  ///
  /// @throws IllegalArgumentException if one is neither
  static Shots of(List<String> texts, Optional<Preset> preset) {
    var byTask = new EnumMap<Task, Integer>(Task.class);
    Optional<Integer> all = Optional.empty();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        all = Optional.of(number(text));
      } else {
        byTask.put(Task.named(text.substring(0, equals)), number(text.substring(equals + 1)));
      }
    }
    return new Shots(byTask, all, preset);
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,4}") || Integer.parseInt(text) > MOST) {
      throw new IllegalArgumentException(
          "--few-shot must be a number, or TASK=NUMBER, for example arc_challenge=25, was " + text);
    }
    return Integer.parseInt(text);
  }

  int of(Task task) {
    return Optional.ofNullable(byTask.get(task))
        .or(() -> all)
        .or(() -> preset.map(one -> one.shots(task)))
        .orElse(task.usualShots());
  }
}
