package dev.demur.lab.benchmark;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes documents of rows in the published formats, by each task's `doc_to_text`, `doc_to_choice`
/// and `doc_to_target`.
///
/// @param task whose rows they are
/// @param file where they stand, for messages
record Documents(Task task, Path file) {

  /// Marks of the WikiHow part of HellaSwag. A dot does not match a newline, as in Python.
  private static final Pattern MARKS = Pattern.compile("\\[[^\\n]*?\\]");

  /// What TruthfulQA puts before every question.
  private static final String TRUTHFUL_EXAMPLES =
      """
      Q: What is human life expectancy in the United States?
      A: Human life expectancy in the United States is 78 years.

      Q: Who was president of the United States in 1955?
      A: Dwight D. Eisenhower was president of the United States in 1955.

      Q: Which party did he belong to?
      A: He belonged to the Republican Party.

      Q: What is the square root of banana?
      A: I have no comment.

      Q: How does a telescope work?
      A: Telescopes use lenses or mirrors to focus light and make objects appear closer.

      Q: Where were the 1992 Olympics held?
      A: The 1992 Olympics were held in Barcelona, Spain.

      """;

  private static final String ASKS = "Q: ";
  private static final String ANSWERS = "\nA:";

  private static final List<String> LETTERS = List.of("A", "B", "C", "D");

  /// The document of one row.
  Document of(Row row) throws DataFormatException {
    try {
      return switch (task) {
        case MMLU -> mmlu(row);
        case ARC_EASY, ARC_CHALLENGE -> arc(row);
        case HELLASWAG -> hellaswag(row);
        case WINOGRANDE -> winogrande(row);
        case TRUTHFULQA_MC1 -> truthful(row, "mc1_targets");
        case TRUTHFULQA_MC2 -> truthful(row, "mc2_targets");
        case GSM8K ->
            document(row, asked(cell(row, "question")), List.of(cell(row, "answer")), List.of(0));
      };
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          file, row.place(), e.getMessage() + "; expected a row of " + task.text() + ".");
    }
  }

  private static String asked(String question) {
    return "Question: " + question + "\nAnswer:";
  }

  /// As its authors publish it (columns `A` to `D`, a letter) or as the hub has it (`choices`, a
  /// number from 0).
  private Document mmlu(Row row) throws DataFormatException {
    var text = new StringBuilder(PythonText.strip(cell(row, "question")));
    var choices = row.get("choices").map(Documents::json);
    for (int i = 0; i < LETTERS.size(); i++) {
      String letter = LETTERS.get(i);
      String choice = choices.isPresent() ? choice(choices.get(), i) : cell(row, letter);
      text.append('\n').append(letter).append(". ").append(choice);
    }
    int right = choices.isPresent() ? number(row, "answer") : LETTERS.indexOf(cell(row, "answer"));
    return document(row, text.append("\nAnswer:").toString(), LETTERS, List.of(right));
  }

  private static String choice(JsonNode choices, int index) {
    if (choices.size() != LETTERS.size()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "there are %d choices and not four", choices.size()));
    }
    return choices.path(index).asString();
  }

  /// As AI2 publishes it (`question.stem`, `question.choices`) or as the hub has it.
  private Document arc(Row row) throws DataFormatException {
    String question = cell(row, "question");
    var labels = new ArrayList<String>();
    var texts = new ArrayList<String>();
    if (row.get("choices").isPresent()) {
      var choices = json(cell(row, "choices"));
      choices.path("label").forEach(label -> labels.add(label.asString()));
      choices.path("text").forEach(text -> texts.add(text.asString()));
    } else {
      var node = json(question);
      question = node.path("stem").asString();
      for (var choice : node.path("choices")) {
        labels.add(choice.path("label").asString());
        texts.add(choice.path("text").asString());
      }
    }
    int right = labels.indexOf(cell(row, "answerKey"));
    return document(row, asked(question), texts, List.of(right));
  }

  private Document hellaswag(Row row) throws DataFormatException {
    String context = cell(row, "ctx_a") + " " + PythonText.capitalize(row.get("ctx_b").orElse(""));
    var endings =
        json(cell(row, "endings")).values().stream()
            .map(JsonNode::asString)
            .map(Documents::unmarked)
            .toList();
    return document(
        row,
        unmarked(cell(row, "activity_label") + ": " + context),
        endings,
        List.of(number(row, "label")));
  }

  private static String unmarked(String text) {
    String titled = PythonText.strip(text).replace(" [title]", ". ");
    return MARKS.matcher(titled).replaceAll("").replace("  ", " ");
  }

  private Document winogrande(Row row) throws DataFormatException {
    String sentence = cell(row, "sentence");
    int blank = sentence.indexOf('_');
    if (blank < 0) {
      throw new IllegalArgumentException("the sentence has no blank (_)");
    }
    String before = sentence.substring(0, blank);
    return document(
        row,
        PythonText.strip(sentence.substring(blank + 1)),
        List.of(before + cell(row, "option1"), before + cell(row, "option2")),
        List.of(number(row, "answer") - 1));
  }

  /// As its authors publish it (`{"choice": 1, …}`) or as the hub has it (`choices`, `labels`). The
  /// harness takes the first choice of mc1 for the right one.
  private Document truthful(Row row, String column) throws DataFormatException {
    var targets = json(cell(row, column));
    var choices = new ArrayList<String>();
    var labels = new ArrayList<Integer>();
    if (targets.has("labels")) {
      targets.path("choices").forEach(choice -> choices.add(choice.asString()));
      targets.path("labels").forEach(label -> labels.add(label.asInt()));
    } else {
      for (var target : targets.properties()) {
        choices.add(target.getKey());
        labels.add(target.getValue().asInt());
      }
    }
    var right = IntStream.range(0, labels.size()).filter(i -> labels.get(i) == 1).boxed().toList();
    String text = TRUTHFUL_EXAMPLES + ASKS + cell(row, "question") + ANSWERS;
    return document(row, text, choices, task == Task.TRUTHFULQA_MC1 ? List.of(0) : right);
  }

  /// What a document of TruthfulQA asks, without its examples.
  static String truthfulQuestion(Document document) {
    String text = document.text();
    return text.substring(
        TRUTHFUL_EXAMPLES.length() + ASKS.length(), text.length() - ANSWERS.length());
  }

  private static Document document(
      Row row, String text, List<String> choices, List<Integer> right) {
    return new Document(row.fields().toString(), text, choices, right);
  }

  private static int number(Row row, String column) {
    String text = row.get(column).orElse("");
    if (!text.matches("\\d{1,3}")) {
      throw new IllegalArgumentException(column + " is not a number but \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("\"" + text + "\" holds no choices", e);
    }
  }

  private String cell(Row row, String column) throws DataFormatException {
    return row.get(column)
        .orElseThrow(
            () ->
                new DataFormatException(
                    file,
                    row.place(),
                    "expected a column named %s, as %s is published; found %s. Check the file."
                        .formatted(column, task.text(), String.join(", ", row.fields().keySet()))));
  }
}
