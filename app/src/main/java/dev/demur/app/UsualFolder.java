package dev.demur.app;

import dev.demur.model.ChatModel;
import java.nio.file.Path;

/// Where a command keeps what it has finished, unless it is told where.
final class UsualFolder {

  private UsualFolder() {}

  /// `runs/` and the model's name.
  static Path of(ChatModel model) {
    return of(model, "");
  }

  /// The same with an ending for another kind of run.
  static Path of(ChatModel model, String ending) {
    String name = model.name().replaceAll("[^\\w.-]+", "_");
    return Path.of("runs", (name.matches("\\.*") ? "model" : name) + ending);
  }

  /// What is said when the process is stopped.
  static String goesOn(Path folder) {
    return "What is finished is in " + folder + "; the same command goes on from there.";
  }
}
