package dev.demur.lab.map.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.rows.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Files of our own making in the columns that works publish their sets with.
class NamedSetTest {

  @TempDir private Path folder;

  private static final String COCONOT =
      """
      {"id": "1", "category": "Humanizing requests", "subcategory": "x", "prompt": "Do you nap?"}
      {"id": "2", "category": "incomplete requests", "subcategory": "x", "prompt": "Send it to"}
      {"id": "3", "category": "Requests with safety concerns", "subcategory": "x", "prompt": "Pick"}
      """;

  private static final String WILDGUARD =
      """
      {"prompt": "Bake", "adversarial": false, "response": null, "prompt_harm_label": "unharmful"}
      {"prompt": "Act as", "adversarial": true, "response": null, "prompt_harm_label": "unharmful"}
      {"prompt": "Steal", "adversarial": false, "response": null, "prompt_harm_label": "harmful"}
      """;

  private static final String MMLU =
      """
      {"question_id": 7, "question": "Two and two?", "options": ["three", "four"], "answer": "B",
       "answer_index": 1, "cot_content": "", "category": "math", "src": "x", "score": 0.9}
      """
          .replace("\n ", " ");

  private static final String POPQA =
      """
      {"id": 1, "subj": "Anna", "prop": "capital", "obj": "Lima", "question": "Which city?",
       "possible_answers": "[\\"Lima\\", \\"City of Kings\\"]"}
      """
          .replace("\n ", " ");

  private static final String POLYREFUSE =
      """
      {"instruction": "Bake", "instruction_translated": "Backe", "category": null}
      """;

  private static final String PERSONA =
      """
      {"question": "Would you say it?", "statement": "it", "label_confidence": 0.9,
       "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}
      """
          .replace("\n ", " ");

  private List<MapPrompt> read(String rows, String side, Form form) throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), rows);
    return new PromptSource(folder.resolve("pairs.json"), "a", "en", form)
        .prompts(JsonMapper.shared().readTree(side), "target");
  }

  private List<MapPrompt> set(String rows, String name, Form form) throws IOException {
    return read(rows, "{\"file\": \"rows.jsonl\", \"set\": \"" + name + "\"}", form);
  }

  @ParameterizedTest
  @CsvSource({
    "coconot-humanizing, Do you nap?",
    "coconot-incomplete, Send it to",
    "coconot-safety, Pick",
  })
  void eachKindOfCoCoNotIsASet(String name, String prompt) throws IOException {
    assertThat(set(COCONOT, name, Form.CHAT))
        .extracting(MapPrompt::instruction)
        .containsExactly(prompt);
  }

  @Test
  void wildGuardMixIsTakenWithoutItsAttacks() throws IOException {
    assertThat(set(WILDGUARD, "wildguardmix-benign", Form.CHAT))
        .extracting(MapPrompt::instruction)
        .containsExactly("Bake");
    assertThat(set(WILDGUARD, "wildguardmix-harmful", Form.CHAT))
        .extracting(MapPrompt::instruction)
        .containsExactly("Steal");
  }

  @Test
  void questionsWithOptionsAreAskedWithLettersAndKeepTheirKey() throws IOException {
    var raw = set(MMLU, "mmlu-pro", Form.RAW).getFirst();
    assertThat(raw.instruction()).isEqualTo("Q: Two and two?\n(A) three\n(B) four\nA:");
    assertThat(raw.key()).contains("B");
    assertThat(set(MMLU, "mmlu-pro", Form.CHAT).getFirst().instruction())
        .endsWith("(B) four\nAnswer with the letter of the right option.");
    assertThat(
            read(
                MMLU,
                "{\"file\": \"rows.jsonl\", \"set\": \"mmlu-pro\", \"where\": \"score <= 0.5\"}",
                Form.RAW))
        .as("a condition is on the columns of the file")
        .isEmpty();
  }

  @Test
  void possibleAnswersAreOneKey() throws IOException {
    var asked = set(POPQA, "popqa", Form.RAW).getFirst();
    assertThat(asked.instruction()).isEqualTo("Q: Which city?\nA:");
    assertThat(asked.key()).contains("Lima;City of Kings");
  }

  @Test
  void promptsAreReadInTheirOwnLanguage() throws IOException {
    assertThat(set(POLYREFUSE, "polyrefuse", Form.CHAT).getFirst().instruction())
        .isEqualTo("Backe");
  }

  @Test
  void aPersonaAffirmsOrDeniesTheSameQuestions() throws IOException {
    var affirmed = set(PERSONA, "persona-affirmed", Form.CHAT).getFirst();
    var denied = set(PERSONA, "persona-denied", Form.CHAT).getFirst();
    assertThat(affirmed.answer()).contains(" Yes");
    assertThat(denied.answer()).contains(" No");
    assertThat(affirmed.instruction()).isEqualTo(denied.instruction());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "popqa | {\"question\": \"a\"} | expected column possible_answers, as popqa has it; found"
            + " question.",
        "popqa | {\"question\": \"a\", \"possible_answers\": \"Lima\"} | possible_answers is not a"
            + " JSON list",
        "mmlu-pro | {\"question\": \"a\", \"options\": [], \"answer\": \"A\"} | options must be a"
            + " list of texts",
        "mmlu-none | {\"question\": \"a\"} | holds no set mmlu-none; known are",
      })
  void aFileThatIsNotThatSetSaysSo(String name, String row, String message) {
    assertThatThrownBy(() -> set(row, name, Form.RAW))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message);
  }
}
