package dev.demur.lab.benchmark;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The category of each question of TruthfulQA. The files that say which answers are true do not
/// name them; `TruthfulQA.csv` of the same authors does.
///
/// Source: Arditi et al. 2024, appendix G.2, which looks at TruthfulQA by category.
///
/// @param byQuestion category by the question's text
public record Categories(Map<String, String> byQuestion) {

  private static final List<String> QUESTION = List.of("Question", "question");
  private static final List<String> CATEGORY = List.of("Category", "category");

  public Categories {
    byQuestion = Map.copyOf(byQuestion);
  }

  /// Reads `TruthfulQA.csv`, or another file with the columns question and category.
  ///
  /// @throws DataFormatException if a row lacks one
  /// @throws IOException if the file cannot be read
  public static Categories read(Path file) throws IOException {
    var categories = new LinkedHashMap<String, String>();
    for (var row : Rows.read(file).rows()) {
      var question = row.first(QUESTION);
      var category = row.first(CATEGORY);
      if (question.isEmpty() || category.isEmpty()) {
        throw new DataFormatException(
            file,
            row.place(),
            "expected the columns Question and Category, as TruthfulQA.csv has them; found "
                + String.join(", ", row.fields().keySet())
                + ".");
      }
      categories.put(question.get().strip(), category.get().strip());
    }
    return new Categories(categories);
  }

  /// The category of a question, if the file has it.
  Optional<String> of(Document document) {
    return Optional.ofNullable(byQuestion.get(Documents.truthfulQuestion(document).strip()));
  }

  /// Outcomes with those of each category of TruthfulQA behind them, named `task/Category`.
  ///
  /// @param asked what the outcomes are of
  /// @throws IllegalArgumentException if TruthfulQA was not asked, or a question has no category
  public List<Outcome> beside(List<Prompts> asked, List<Outcome> outcomes) {
    var all = new ArrayList<>(outcomes);
    var tasks = asked.stream().map(Prompts::data).filter(data -> data.task().isTruthful()).toList();
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("categories are of TruthfulQA, which is not asked");
    }
    for (var data : tasks) {
      places(data)
          .forEach(
              (category, places) ->
                  outcomes.stream()
                      .filter(outcome -> outcome.task().equals(data.name()))
                      .map(outcome -> outcome.at(data.name() + "/" + category, places))
                      .forEach(all::add));
    }
    return all;
  }

  private TreeMap<String, List<Integer>> places(TaskData data) {
    var places = new TreeMap<String, List<Integer>>();
    IntStream.range(0, data.size())
        .forEach(
            i ->
                places
                    .computeIfAbsent(category(data.questions().get(i)), _ -> new ArrayList<>())
                    .add(i));
    return places;
  }

  private String category(Document document) {
    return of(document)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no category is given for \""
                        + Documents.truthfulQuestion(document)
                        + "\"; take TruthfulQA.csv of the same version"));
  }
}
