package dev.demur.app.option;

import dev.demur.model.ChatModel;
import java.nio.file.Path;

/// Where a command keeps what it has finished, unless it is told where.
public final class UsualFolder {

  private UsualFolder() {}

  /// `runs/` and the model's name.
  public static Path of(ChatModel model) {
    return of(model, "");
  }

  /// The same with an ending for another kind of run.
  public static Path of(ChatModel model, String ending) {
    String name = model.name().replaceAll("[^\\w.-]+", "_");
    return Path.of("runs", (name.matches("\\.*") ? "model" : name) + ending);
  }

  /// What is said when the process is stopped.
  public static String goesOn(Path folder) {
    return "What is finished is in " + folder + "; the same command goes on from there.";
  }
}
