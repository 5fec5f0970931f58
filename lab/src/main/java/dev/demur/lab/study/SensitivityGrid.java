package dev.demur.lab.study;

import dev.demur.lab.study.Prompting.Thinking;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// Settings under which the study's direction is tried again: every combination of the values of
/// every axis. An axis without values keeps the study's own, which is always the first value.
///
/// The direction is the study's; it is not searched for again.
///
/// @param systems system texts
/// @param tokens lengths at which completions are cut
/// @param thinking modes of thinking
/// @param models names of other versions of the model: another dtype, a quantised file
public record SensitivityGrid(
    List<SystemText> systems, List<Integer> tokens, List<Thinking> thinking, List<String> models) {

  /// A system text under a short name.
  ///
  /// @param name for tables
  /// @param text what is said; empty for none
  public record SystemText(String name, String text) {}

  /// Opens another version of the model; the caller closes it.
  @FunctionalInterface
  public interface ModelSource {
    /// @throws IOException if it cannot be opened
    ChatModel open() throws IOException;
  }

  /// One combination.
  ///
  /// @param model name of the version of the model
  /// @param system name of the system text
  /// @param thinking mode of thinking
  /// @param tokens length at which completions are cut
  public record Setting(String model, String system, Thinking thinking, int tokens) {

    /// In one line, for charts.
    public String text() {
      return String.format(
          Locale.ROOT,
          "%s · system %s · thinking %s · %d tokens",
          model,
          system,
          thinking.text(),
          tokens);
    }
  }

  public SensitivityGrid {
    systems = List.copyOf(systems);
    tokens = List.copyOf(tokens);
    thinking = List.copyOf(thinking);
    models = List.copyOf(models);
    for (int length : tokens) {
      if (length < 1) {
        throw new IllegalArgumentException("a grid's lengths must be >= 1, was " + length);
      }
    }
  }

  /// No grid: the study's own settings only.
  public static SensitivityGrid none() {
    return new SensitivityGrid(List.of(), List.of(), List.of(), List.of());
  }

  /// This grid with more system texts; those it has already stay where they are.
  public SensitivityGrid withSystems(List<SystemText> more) {
    var all = new LinkedHashSet<>(systems);
    all.addAll(more);
    return new SensitivityGrid(List.copyOf(all), tokens, thinking, models);
  }

  /// Whether there is anything to try.
  public boolean isNone() {
    return systems.isEmpty() && tokens.isEmpty() && thinking.isEmpty() && models.isEmpty();
  }
}
