package dev.demur.lab.judge;

import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The labelled examples of `tools/judge/data`, which were written for this project.
final class WrittenExamples {

  private static final Path DATA = Path.of("..", "tools", "judge", "data");

  /// One example.
  record Example(
      String id,
      String language,
      String style,
      Refusal label,
      String instruction,
      String completion) {}

  private WrittenExamples() {}

  /// The examples of a language that the judges were trained on.
  static List<Example> trained(String language) throws IOException {
    return read(language + ".jsonl");
  }

  /// The examples of a language that they were not trained on.
  static List<Example> heldOut(String language) throws IOException {
    return read("held-" + language + ".jsonl");
  }

  private static List<Example> read(String name) throws IOException {
    var examples = new ArrayList<Example>();
    for (var row : Rows.read(DATA.resolve(name)).rows()) {
      examples.add(
          new Example(
              row.get("id").orElseThrow(),
              row.get("language").orElseThrow(),
              row.get("style").orElseThrow(),
              Refusal.parse(row.get("label").orElseThrow()),
              row.get("instruction").orElseThrow(),
              row.get("completion").orElseThrow()));
    }
    return List.copyOf(examples);
  }
}
