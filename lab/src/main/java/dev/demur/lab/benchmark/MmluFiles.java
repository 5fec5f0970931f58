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
import java.util.SequencedMap;
import java.util.TreeMap;

/// MMLU's questions by subject, as its authors and as the hub publish them.
///
/// The authors' folder has `test/SUBJECT_test.csv` and `dev/SUBJECT_dev.csv`. The hub's is a file
/// whose rows name their subject, or a folder with `test-….parquet` and `dev-….parquet`.
final class MmluFiles {

  private static final List<String> COLUMNS = List.of("question", "A", "B", "C", "D", "answer");
  private static final String ENDING = "_test.csv";
  private static final String PARQUET = ".parquet";

  private MmluFiles() {}

  /// Reads it.
  ///
  /// @param path a file, or a folder
  /// @param examples where the file's examples are; a folder has its own
  /// @return the subjects in alphabetical order
  /// @throws DataFormatException if a file is not what MMLU publishes
  /// @throws IOException if a file cannot be read
  static List<TaskData> read(Path path, Optional<Path> examples) throws IOException {
    if (!Files.isDirectory(path)) {
      return bySubject(path, examples);
    }
    if (Files.isDirectory(path.resolve("test"))) {
      return tables(path);
    }
    Path test =
        parquet(path, "test")
            .orElseThrow(
                () ->
                    new DataFormatException(
                        path,
                        "has no folder test and no test-….parquet; expected MMLU's data folder with"
                            + " test and dev, or the hub's folder all."));
    return bySubject(test, examples.or(() -> parquet(path, "dev")));
  }

  private static Optional<Path> parquet(Path folder, String part) {
    for (String name : List.of(part + "-00000-of-00001" + PARQUET, part + PARQUET)) {
      if (Files.exists(folder.resolve(name))) {
        return Optional.of(folder.resolve(name));
      }
    }
    return Optional.empty();
  }

  private static List<TaskData> bySubject(Path file, Optional<Path> examples) throws IOException {
    var questions = subjects(file);
    var pools = new TreeMap<String, List<Document>>();
    if (examples.isPresent()) {
      pools.putAll(subjects(examples.get()));
    }
    var data = new ArrayList<TaskData>();
    for (var subject : questions.entrySet()) {
      data.add(
          data(
              subject.getKey(),
              subject.getValue(),
              pools.getOrDefault(subject.getKey(), List.of())));
    }
    if (data.isEmpty()) {
      throw new DataFormatException(file, "holds no question of mmlu.");
    }
    return data;
  }

  private static SequencedMap<String, List<Document>> subjects(Path file) throws IOException {
    var subjects = new TreeMap<String, List<Document>>();
    for (var row : Rows.read(file).rows()) {
      var subject = row.get("subject");
      if (subject.isEmpty()) {
        throw new DataFormatException(
            file,
            row.place(),
            "expected the columns question, subject, choices and answer; found "
                + String.join(", ", row.fields().keySet())
                + ". Check the file.");
      }
      subjects
          .computeIfAbsent(subject.get(), _ -> new ArrayList<>())
          .add(new Documents(Task.MMLU, file).of(row));
    }
    return subjects;
  }

  private static TaskData data(String subject, List<Document> questions, List<Document> pool) {
    String description =
        "The following are multiple choice questions (with answers) about "
            + subject.replace('_', ' ')
            + ".\n\n";
    return new TaskData(Task.MMLU, "mmlu_" + subject, description, questions, pool);
  }

  private static List<TaskData> tables(Path folder) throws IOException {
    Path tests = folder.resolve("test");
    var subjects = new ArrayList<TaskData>();
    try (var files = Files.list(tests)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        String subject = name.substring(0, name.length() - ENDING.length());
        Path dev = folder.resolve("dev").resolve(subject + "_dev.csv");
        subjects.add(data(subject, table(file), RegularFile.isThere(dev) ? table(dev) : List.of()));
      }
    }
    if (subjects.isEmpty()) {
      throw new DataFormatException(tests, "holds no file named SUBJECT" + ENDING + ".");
    }
    return subjects;
  }

  /// The authors' tables have no header.
  private static List<Document> table(Path file) throws IOException {
    var documents = new ArrayList<Document>();
    for (var cells : Rows.readTable(file)) {
      if (cells.size() != COLUMNS.size()) {
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
        fields.put(COLUMNS.get(i), cells.get(i));
      }
      documents.add(new Documents(Task.MMLU, file).of(new Row("row " + documents.size(), fields)));
    }
    return documents;
  }
}
