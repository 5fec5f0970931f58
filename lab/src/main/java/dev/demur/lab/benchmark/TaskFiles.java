package dev.demur.lab.benchmark;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the questions of a task from local files.
///
/// All tasks but MMLU are one file of questions (JSON Lines, or TruthfulQA's `mc_task.json`) and,
/// for examples, a second one. MMLU is a folder with `test/SUBJECT_test.csv` and
/// `dev/SUBJECT_dev.csv`.
public final class TaskFiles {

  private static final List<String> MMLU_COLUMNS =
      List.of("question", "A", "B", "C", "D", "answer");
  private static final String MMLU_ENDING = "_test.csv";

  private TaskFiles() {}

  /// Reads a task.
  ///
  /// @param path a file of questions; for MMLU the folder
  /// @param examples a file of questions to take examples from; MMLU has its own
  /// @return one subject each for MMLU, in alphabetical order; else one
  /// @throws DataFormatException if a file is not what the task publishes
  /// @throws IOException if a file cannot be read
  public static List<TaskData> read(Task task, Path path, Optional<Path> examples)
      throws IOException {
    if (task == Task.MMLU) {
      return subjects(path);
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

  private static List<TaskData> subjects(Path folder) throws IOException {
    Path tests = folder.resolve("test");
    if (!Files.isDirectory(tests)) {
      throw new DataFormatException(
          folder, "has no folder test; expected MMLU's data folder with test and dev.");
    }
    var subjects = new ArrayList<TaskData>();
    try (var files = Files.list(tests)) {
      for (Path file : files.filter(f -> f.toString().endsWith(MMLU_ENDING)).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        String subject = name.substring(0, name.length() - MMLU_ENDING.length());
        Path dev = folder.resolve("dev").resolve(subject + "_dev.csv");
        subjects.add(
            new TaskData(
                Task.MMLU,
                "mmlu_" + subject,
                "The following are multiple choice questions (with answers) about "
                    + subject.replace('_', ' ')
                    + ".\n\n",
                mmlu(file),
                RegularFile.isThere(dev) ? mmlu(dev) : List.of()));
      }
    }
    if (subjects.isEmpty()) {
      throw new DataFormatException(tests, "holds no file named SUBJECT" + MMLU_ENDING + ".");
    }
    return subjects;
  }

  /// MMLU's tables have no header.
  private static List<Document> mmlu(Path file) throws IOException {
    var documents = new ArrayList<Document>();
    for (var cells : Rows.readTable(file)) {
      if (cells.size() != MMLU_COLUMNS.size()) {
        throw new DataFormatException(
            file,
            "row " + documents.size(),
            String.format(
                Locale.ROOT,
                "has %d cells; expected question, four answers and a letter.",
                cells.size()));
      }
      var fields = new LinkedHashMap<String, String>();
      for (int i = 0; i < cells.size(); i++) {
        fields.put(MMLU_COLUMNS.get(i), cells.get(i));
      }
      documents.add(new Documents(Task.MMLU, file).of(new Row("row " + documents.size(), fields)));
    }
    return documents;
  }
}
