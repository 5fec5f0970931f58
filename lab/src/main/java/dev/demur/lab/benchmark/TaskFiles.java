package dev.demur.lab.benchmark;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the questions of a task from local files.
///
/// All tasks but MMLU are one file of questions (JSON Lines, Parquet, or TruthfulQA's
/// `mc_task.json`) and, for examples, a second one. MMLU has files of its own ([MmluFiles]).
public final class TaskFiles {

  private TaskFiles() {}

  /// Reads a task.
  ///
  /// @param path a file of questions; for MMLU a file or a folder
  /// @param examples a file of questions to take examples from; a folder of MMLU has its own
  /// @return one subject each for MMLU, in alphabetical order; else one
  /// @throws DataFormatException if a file is not what the task publishes
  /// @throws IOException if a file cannot be read
  public static List<TaskData> read(Task task, Path path, Optional<Path> examples)
      throws IOException {
    if (task == Task.MMLU) {
      return MmluFiles.read(path, examples);
    }
    var questions = documents(task, path);
    var pool = examples.isPresent() ? documents(task, examples.get()) : List.<Document>of();
    return List.of(new TaskData(task, task.text(), "", questions, pool));
  }

  private static List<Document> documents(Task task, Path file) throws IOException {
    var documents = new ArrayList<Document>();
    for (var row : Rows.read(file).rows()) {
      documents.add(new Documents(task, file).of(row));
    }
    if (documents.isEmpty()) {
      throw new DataFormatException(file, "holds no question of " + task.text() + ".");
    }
    return documents;
  }
}
