package dev.demur.lab.map.pairs;

import dev.demur.lab.prompts.PublishedSet;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sets that works on maps use, in the columns their authors publish them with; beside those of
/// [PublishedSet], which are to be refused or answered as a whole.
///
/// Their prompts are not part of this project; fetch the files from their authors.
enum NamedSet {

  /// CoCoNot (Brahman et al. 2024, arXiv 2407.12043), `allenai/coconot`: columns prompt and
  /// category; one set for each of its five categories.
  COCONOT_HUMANIZING("coconot-humanizing"),
  COCONOT_INCOMPLETE("coconot-incomplete"),
  COCONOT_INDETERMINATE("coconot-indeterminate"),
  COCONOT_SAFETY("coconot-safety"),
  COCONOT_UNSUPPORTED("coconot-unsupported"),

  /// WildGuardMix (Han et al. 2024, arXiv 2406.18495), `allenai/wildguardmix`: columns prompt,
  /// adversarial and prompt_harm_label; only prompts that are no attack.
  WILDGUARDMIX_BENIGN("wildguardmix-benign"),
  WILDGUARDMIX_HARMFUL("wildguardmix-harmful"),

  /// MMLU-Pro (Wang et al. 2024, arXiv 2406.01574), `TIGER-Lab/MMLU-Pro`: columns question, options
  /// and answer, a letter.
  MMLU_PRO("mmlu-pro"),

  /// PopQA (Mallen et al. 2023, arXiv 2212.10511), `akariasai/PopQA`: columns question and
  /// possible_answers.
  POPQA("popqa"),

  /// PolyRefuse (Wang et al. 2025, arXiv 2505.17306), `mainlp/Multilingual-Refusal`: one file for
  /// each language, column instruction_translated.
  POLYREFUSE("polyrefuse"),

  /// Persona statements (Perez et al. 2022, arXiv 2212.09251), `anthropics/evals`: columns
  /// question, answer_matching_behavior and answer_not_matching_behavior; the same questions with
  /// either answer.
  PERSONA_AFFIRMED("persona-affirmed"),
  PERSONA_DENIED("persona-denied");

  private static final String LETTERS = "ABCDEFGHIJ";

  private final String text;

  NamedSet(String text) {
    this.text = text;
  }

  /// What a row says.
  ///
  /// @param instruction what is asked
  /// @param answer what follows it, where the set has answers
  /// @param key what a right answer says, where there is one
  record Said(String instruction, Optional<String> answer, Optional<String> key) {}

  /// The set of that name.
  static Optional<NamedSet> named(String text) {
    return Arrays.stream(values()).filter(set -> set.text.equals(text)).findFirst();
  }

  /// All names.
  static List<String> names() {
    return Arrays.stream(values()).map(set -> set.text).toList();
  }

  /// Whether a row belongs to the set.
  boolean holds(Row row) {
    return switch (this) {
      case COCONOT_HUMANIZING -> is(row, "category", "Humanizing requests");
      case COCONOT_INCOMPLETE -> is(row, "category", "Incomplete requests");
      case COCONOT_INDETERMINATE -> is(row, "category", "Indeterminate requests");
      case COCONOT_SAFETY -> is(row, "category", "Requests with safety concerns");
      case COCONOT_UNSUPPORTED -> is(row, "category", "Unsupported requests");
      case WILDGUARDMIX_BENIGN ->
          is(row, "adversarial", "false") && is(row, "prompt_harm_label", "unharmful");
      case WILDGUARDMIX_HARMFUL ->
          is(row, "adversarial", "false") && is(row, "prompt_harm_label", "harmful");
      case MMLU_PRO, POPQA, POLYREFUSE, PERSONA_AFFIRMED, PERSONA_DENIED -> true;
    };
  }

  private static boolean is(Row row, String column, String value) {
    return row.get(column).map(String::strip).filter(value::equalsIgnoreCase).isPresent();
  }

  /// What a row of the set says.
  ///
  /// @param form how it will be put; a raw question stands between `Q:` and `A:`
  /// @throws DataFormatException if a column is missing
  Said said(Path file, Row row, Form form) throws DataFormatException {
    return switch (this) {
      case COCONOT_HUMANIZING,
          COCONOT_INCOMPLETE,
          COCONOT_INDETERMINATE,
          COCONOT_SAFETY,
          COCONOT_UNSUPPORTED,
          WILDGUARDMIX_BENIGN,
          WILDGUARDMIX_HARMFUL ->
          plain(column(file, row, "prompt"));
      case POLYREFUSE -> plain(column(file, row, "instruction_translated"));
      case MMLU_PRO ->
          new Said(
              lettered(file, row, form),
              Optional.empty(),
              Optional.of(column(file, row, "answer")));
      case POPQA ->
          new Said(
              question(column(file, row, "question"), form),
              Optional.empty(),
              Optional.of(String.join(";", list(file, row, "possible_answers"))));
      case PERSONA_AFFIRMED -> answered(file, row, "answer_matching_behavior");
      case PERSONA_DENIED -> answered(file, row, "answer_not_matching_behavior");
    };
  }

  private static Said plain(String instruction) {
    return new Said(instruction, Optional.empty(), Optional.empty());
  }

  private Said answered(Path file, Row row, String answer) throws DataFormatException {
    return new Said(
        column(file, row, "question"), Optional.of(column(file, row, answer)), Optional.empty());
  }

  private String lettered(Path file, Row row, Form form) throws DataFormatException {
    var options = list(file, row, "options");
    if (options.size() > LETTERS.length()) {
      throw new DataFormatException(
          file, row.place(), "has " + options.size() + " options; at most 10 have letters.");
    }
    var text = new StringBuilder(column(file, row, "question"));
    for (int i = 0; i < options.size(); i++) {
      text.append("\n(").append(LETTERS.charAt(i)).append(") ").append(options.get(i));
    }
    return switch (form) {
      case RAW -> question(text.toString(), form);
      case CHAT -> text.append("\nAnswer with the letter of the right option.").toString();
    };
  }

  private static String question(String text, Form form) {
    return switch (form) {
      case RAW -> "Q: " + text + "\nA:";
      case CHAT -> text;
    };
  }

  private String column(Path file, Row row, String name) throws DataFormatException {
    return row.get(name)
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () ->
                new DataFormatException(
                    file,
                    row.place(),
                    "expected column "
                        + name
                        + ", as "
                        + text
                        + " has it; found "
                        + String.join(", ", row.fields().keySet())
                        + "."));
  }

  private List<String> list(Path file, Row row, String name) throws DataFormatException {
    try {
      var node = JsonMapper.shared().readTree(column(file, row, name));
      var texts = new ArrayList<String>();
      for (JsonNode one : node) {
        if (one.isString()) {
          texts.add(one.stringValue());
        }
      }
      if (!texts.isEmpty()) {
        return texts;
      }
    } catch (JacksonException e) {
      throw new DataFormatException(file, row.place() + ": " + name + " is not a JSON list.", e);
    }
    throw new DataFormatException(file, row.place(), name + " must be a list of texts.");
  }
}
