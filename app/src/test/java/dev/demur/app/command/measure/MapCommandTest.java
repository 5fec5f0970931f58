package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// `demur map` on a tiny random model: its numbers mean nothing, but every table is there.
class MapCommandTest {

  @TempDir private Path folder;

  private Path prompts(String name, String verb) throws IOException {
    return Files.write(
        folder.resolve(name + ".txt"),
        IntStream.range(0, 12).mapToObj(i -> verb + " the door " + i).toList());
  }

  private Path pairs() throws IOException {
    prompts("break", "Break");
    prompts("take", "Take");
    prompts("bake", "Bake");
    return Files.writeString(
        folder.resolve("pairs.json"),
        """
        {"pairs": [{"name": "break", "target": "break.txt", "contrast": "bake.txt"},
                   {"name": "take", "target": "take.txt", "contrast": "bake.txt"}]}
        """);
  }

  private Cli.Outcome map(Object... more) {
    var words = new ArrayList<Object>(List.of("map", Cli.checkpoint("llama-gqa-tied")));
    words.addAll(List.of("--out", folder.resolve("run"), "--train", 4, "--test", 2));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  @Test
  void everyTableIsWrittenAndTheSecondRunFindsAllOfIt() throws IOException {
    Object[] options = {
      "--pairs", pairs(), "--layer", 1, "--dose", "0.5", "--outcome", "judge", "--max-new-tokens", 2
    };
    var first = map(options);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("How alike they are", "What they do");
    assertThat(folder.resolve("run/report.html")).content().contains("map-matrix", "Demur map");
    assertThat(folder.resolve("run/report.html"))
        .content()
        .as("a cell of the square leads to the section of its direction")
        .contains("\"anchor\":\"direction-2\"", "id=\"direction-2\"", "map-doses-of-1");
    for (String table :
        List.of("map_angles", "map_transfer", "map_effects", "map_places", "map_direction_1")) {
      assertThat(folder.resolve("run/tables/" + table + ".csv")).isNotEmptyFile();
    }
    var result = JsonMapper.shared().readTree(folder.resolve("run/map.json").toFile());
    assertThat(result.path("angles").size()).isEqualTo(4);
    assertThat(result.path("counted").stringValue()).isEqualTo("refused, by classifier");
    assertThat(map(options).out()).isEqualTo(first.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layer 99 | has layers 0 to 2; layer 99 is none of them",
        "--position -2 | --position belongs to --layer",
        "--layer 1 --select cosmic | --layer names the place",
        "--select best | --select must be bypass, cosmic, outcome; was best",
        "--layer 1 --outcome language:xx | --outcome language:CODE needs the two letters",
        "--layer 1 --outcome rhyme | --outcome must be first-token, judge",
        "--layer 1 --source-layers 1 | --source-layers belongs to --scale",
        "--layer 1 --raw | --raw belongs to --where or --contrast",
        "--layer 1 --where nothing | is no condition",
        "--preset none | presets are joad, lirefs, polyrefuse, personas; was none",
      })
  void whatMakesNoSenseIsBadInput(String options, String message) throws IOException {
    var words = new ArrayList<Object>(List.of("--pairs", pairs()));
    words.addAll(List.of(options.split(" ")));
    var outcome = map(words.toArray());
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).singleElement().asString().contains(message);
  }

  @Test
  void aPresetPutsTheWorksNumbersBeside() throws IOException {
    var outcome = map("--pairs", pairs(), "--preset", "joad", "--dose", "0");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(folder.resolve("run/tables/map_published.csv"))
        .content()
        .contains("\"highest, cosine, pairs\",its models,0.917,");
  }

  @Test
  void aModelWithoutPairsOfItsOwnNeedsSome() {
    assertThat(map().messages().getLast()).contains("--pairs: name a file of pairs");
  }
}
