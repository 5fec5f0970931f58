package dev.demur.app;

import dev.demur.model.ChatModel;
import java.nio.file.Path;

/// Where a command keeps what it has finished.
final class RunFolder {

  private RunFolder() {}

  /// `runs/` and the model's name.
  static Path usual(ChatModel model) {
    String name = model.name().replaceAll("[^\\w.-]+", "_");
    return Path.of("runs", name.matches("\\.*") ? "model" : name);
  }

  /// What is said when the process is stopped.
  static String goesOn(Path folder) {
    return "What is finished is in " + folder + "; the same command goes on from there.";
  }
}
