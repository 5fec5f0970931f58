package dev.demur.app.option;

import dev.demur.lab.paper.SystemTexts;
import dev.demur.lab.study.Prompting.Thinking;
import dev.demur.lab.study.SensitivityGrid;
import dev.demur.lab.study.SensitivityGrid.ModelSource;
import dev.demur.lab.study.SensitivityGrid.SystemText;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Option;

/// The axes along which a study's direction is tried again.
public final class GridOptions {

  private static final String AXES = "system, tokens, thinking, dtype or model";

  @Option(
      names = "--grid",
      paramLabel = "AXIS=VALUES",
      description =
          "Try the direction under other settings too: tokens=16,64, thinking=on,off,"
              + " system=FILE,none,paper (twelve texts), dtype=f32,bf16, model=PATH (another"
              + " version of the model, e.g. quantised). Repeated, every combination is run; the"
              + " study's own settings are always among them.")
  private List<String> axes = List.of();

  /// The settings asked for.
  ///
  /// @throws IllegalArgumentException if an axis or a value is unknown
  SensitivityGrid settings() {
    var systems = new ArrayList<SystemText>();
    var tokens = new ArrayList<Integer>();
    var thinking = new ArrayList<Thinking>();
    var models = new ArrayList<String>();
    for (String text : axes) {
      String axis = axis(text);
      for (String value : values(text)) {
        switch (axis) {
          case "system" -> systems.addAll(systems(value));
          case "tokens" -> tokens.add(length(value));
          case "thinking" -> thinking.add(StudyOptions.thinking(value));
          case "dtype", "model" -> models.add(value);
          default ->
              throw new IllegalArgumentException(
                  "--grid: the axis must be " + AXES + ", was " + axis);
        }
      }
    }
    return new SensitivityGrid(systems, tokens, thinking, models);
  }

  /// Opens the versions of the model the grid names.
  ///
  /// @param model the studied model, as it was named
  public SequencedMap<String, ModelSource> versions(String model) {
    var versions = new LinkedHashMap<String, ModelSource>();
    for (String text : axes) {
      for (String value : values(text)) {
        switch (axis(text)) {
          case "dtype" -> versions.put(value, () -> open(model, DTypeChoice.parse(value)));
          case "model" -> versions.put(value, () -> open(value, DTypeChoice.AUTO));
          default -> {
            // The other axes need no model of their own.
          }
        }
      }
    }
    return versions;
  }

  private static ChatModel open(String model, DTypeChoice dtype) throws IOException {
    return ChatModel.load(model, dtype);
  }

  private static String axis(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "--grid must be AXIS=VALUES, for example tokens=16,64, was " + text);
    }
    return text.substring(0, equals);
  }

  private static List<String> values(String text) {
    return List.of(text.substring(text.indexOf('=') + 1).split(","));
  }

  /// The twelve texts that come with Demur, in the spirit of the paper's appendix.
  static List<SystemText> paperTexts() {
    return SystemTexts.all().entrySet().stream()
        .map(text -> new SystemText(text.getKey(), text.getValue()))
        .toList();
  }

  private static List<SystemText> systems(String value) {
    return switch (value) {
      case "none" -> List.of(new SystemText("none", ""));
      case "paper" -> paperTexts();
      default -> List.of(system(value));
    };
  }

  private static SystemText system(String value) {
    Path file = Path.of(value);
    try {
      return new SystemText(String.valueOf(file.getFileName()), RegularFile.text(file).strip());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--grid system: " + file + " cannot be read; name a text file, or none", e);
    }
  }

  private static int length(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--grid tokens must be whole numbers, was " + value, e);
    }
  }
}
