package dev.demur.lab.benchmark;

import java.util.List;

/// The questions of a task, or of one subject of it.
///
/// @param task its definition
/// @param name the harness' name, for example `mmlu_anatomy`
/// @param description what opens every prompt; may be empty
/// @param questions what is asked
/// @param pool what examples are taken from; may be empty
public record TaskData(
    Task task, String name, String description, List<Document> questions, List<Document> pool) {

  public TaskData {
    questions = List.copyOf(questions);
    pool = List.copyOf(pool);
  }

  /// The first `limit` questions, as the harness' own limit takes them.
  public TaskData first(int limit) {
    return new TaskData(
        task, name, description, questions.subList(0, Math.min(limit, questions.size())), pool);
  }

  /// How many questions there are.
  public int size() {
    return questions.size();
  }
}
