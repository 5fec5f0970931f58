package dev.demur.lab.map.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairsFileTest {

  @TempDir private Path folder;

  private MapData read(String json) throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"),
        """
        {"question": "one", "score": 0.9, "category": "a", "language": "es"}
        {"question": "two", "score": 0.8, "category": "a", "language": "es"}
        {"question": "three", "score": 0.7, "category": "a", "language": "en"}
        {"question": "four", "score": 0.6, "category": "a", "language": "en"}
        {"question": "five", "score": 0.5, "category": "b", "language": "en"}
        {"question": "six", "score": 0.4, "category": "b", "language": "en"}
        {"question": "seven", "score": 0.3, "category": "b", "language": "en"}
        {"question": "eight", "score": 0.2, "category": "b", "language": "en"}
        """);
    Files.writeString(folder.resolve("others.txt"), "w\\nx\\ny\\nz\\n".replace("\\n", "\n"));
    Path file = Files.writeString(folder.resolve("pairs.json"), json);
    return new PairsFile(file).read();
  }

  @Test
  void pairsAreReadFromListsFilesConditionsAndAnswers() throws IOException {
    var data =
        read(
            """
            {"pairs": [
              {"name": "reasoning", "form": "raw", "language": "en",
               "target": {"file": "rows.jsonl", "where": "score > .5 and category = a"},
               "contrast": {"file": "rows.jsonl", "where": "score <= .5"}},
              {"name": "kind",
               "target": [{"instruction": "a", "answer": "yes"}, {"instruction": "b", "answer": "yes"},
                          {"instruction": "c", "answer": "yes"}, {"instruction": "d", "answer": "yes"}],
               "contrast": [{"instruction": "a", "answer": "no"}, {"instruction": "b", "answer": "no"},
                            {"instruction": "c", "answer": "no"}, {"instruction": "d", "answer": "no"}]}],
             "ask": [{"name": "others", "prompts": "others.txt"},
                     {"name": "kind", "prompts": "others.txt"}],
             "controlled": {"harmful": {"file": "rows.jsonl", "where": "category = a", "first": 2},
                            "benign": "others.txt"}}
            """);
    var first = data.pairs().getFirst();
    assertThat(first.target()).extracting(MapPrompt::instruction).endsWith("four").hasSize(4);
    assertThat(first.contrast()).extracting(MapPrompt::form).containsOnly(Form.RAW);
    assertThat(data.pairs().getLast().isOfAnswers()).isTrue();
    assertThat(data.given().getFirst().prompts()).hasSize(4);
    assertThat(data.given()).extracting(AskedSet::name).containsExactly("others", "kind, asked");
    assertThat(data.controlled().getFirst().prompts()).hasSize(2);
  }

  @Test
  void aPairMayNameTheSamePromptsTranslatedBack() throws IOException {
    var data =
        read(
            """
            {"pairs": [{"name": "german", "language": "de",
              "target": {"file": "rows.jsonl", "where": "category = a"}, "contrast": "others.txt",
              "back_translated": {
                "target": {"file": "rows.jsonl", "where": "category = b"},
                "contrast": "others.txt"}}]}
            """);
    assertThat(data.pairs())
        .extracting(Pair::name)
        .containsExactly("german", "german, back-translated");
    assertThat(data.pairs()).extracting(Pair::language).containsExactly("de", "en");
    assertThat(data.backTranslated()).containsExactly(entry("german", "german, back-translated"));
    assertThat(data.asking(data.given()).backTranslated()).isEqualTo(data.backTranslated());
  }

  @Test
  void aTextInQuotesMayHoldTheWordThatJoinsConditions() {
    var fields = new LinkedHashMap<>(Map.of("category", "Hate and harassment", "score", "0.9"));
    var row = new Row("row 1", fields);
    String quoted = "category = \"Hate and harassment\"";
    assertThat(RowCondition.parse(quoted).holds(row)).isTrue();
    assertThat(RowCondition.parse(quoted + " and score > .95").holds(row)).isFalse();
    assertThat(RowCondition.parse("score > .5 and " + quoted).holds(row)).isTrue();
    assertThat(RowCondition.parse("category = \"Hate\"").holds(row)).isFalse();
    assertThatThrownBy(() -> RowCondition.parse("category = Hate and harassment"))
        .hasMessageContaining("\"harassment\" is no condition")
        .hasMessageContaining("stands in double quotes");
  }

  @Test
  void oneFileIsPartedByAConditionOrByItsCategories() throws IOException {
    read(
        "{\"pairs\": [{\"name\": \"x\", \"target\": \"rows.jsonl\", \"contrast\":"
            + " \"others.txt\"}]}");
    var file = new PairsFile(folder.resolve("rows.jsonl"));
    var parted = file.parted("score > .5", Form.RAW).pairs().getFirst();
    assertThat(parted.target()).hasSize(4);
    assertThat(parted.contrast()).hasSize(4);
    assertThat(file.byCategory(folder.resolve("others.txt"), Form.CHAT).pairs())
        .extracting(Pair::name)
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | pairs.json: the file must be an object, was array.",
        "{\"pairs\": []} | expected an object with a list \"pairs\" of at least one pair.",
        "{\"pears\": []} | the file has a key \"pears\"; known are ask, controlled, pairs.",
        "{\"pairs\": [{\"target\": []}]} | pair 1 needs a \"name\", a text.",
        "{\"pairs\": [{\"name\": \"x\", \"target\": \"none.json\", \"contrast\": []}]} |"
            + " none.json: no such file; check the path.",
        "{\"pairs\": [{\"name\": \"x\", \"target\": 3, \"contrast\": []}]} |"
            + " x needs \"target\": a list of prompts, a path, or an object with one.",
        "{\"pairs\": [{\"name\": \"x\", \"target\": [\"a\"], \"contrast\": [\"b\"]}]} |"
            + " pair x: the target side has 1 prompts; at least 4 are needed",
        "{\"pairs\": [{\"name\": \"x\", \"target\": {\"file\": \"rows.jsonl\", \"where\":"
            + " \"score\"}, \"contrast\": []}]} | \"score\" is no condition",
        "{\"pairs\": [{\"name\": \"x\", \"target\": {\"file\": \"rows.jsonl\", \"where\":"
            + " \"category > 1\"}, \"contrast\": []}]} | column category holds \"a\"; > compares",
        "{\"pairs\": [{\"name\": \"x\", \"form\": \"poem\", \"target\": [], \"contrast\": []}]} |"
            + " x: form must be chat or raw, was poem.",
        "{ | is not JSON",
      })
  void whatIsWrongIsToldInOneLine(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
  }
}
