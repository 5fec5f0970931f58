package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of docs/families.md against the code and the checkpoints.
class FamiliesPageTest {

  private static final Path PAGE = Path.of("../docs/families.md");
  private static final Path GGUF = Path.of("src/test/resources/golden/gguf-families");

  /// Of `| a | b |`, the parts between the bars.
  private static final int TYPE = 2;

  /// What a multimodal checkpoint has inside, where the other is the one among the checkpoints;
  /// MultimodalTextTest holds that the two are read alike.
  private static final Map<String, String> INSIDE =
      Map.of(
          "gemma3",
          "gemma3_text",
          "gemma4",
          "gemma4_text",
          "gemma4_unified",
          "gemma4_unified_text",
          "llama4",
          "llama4_text",
          "mistral3",
          "ministral3",
          "qwen3_5",
          "qwen3_5_text",
          "qwen3_5_moe",
          "qwen3_5_moe_text");

  private static final int CASES = 5;
  private static final int GGUF_COLUMN = 6;

  @Test
  void everyFamilyHasARowAndEveryRowAFamily() throws IOException {
    assertThat(rows().stream().map(row -> code(row.get(TYPE)).getFirst()))
        .containsExactlyInAnyOrderElementsOf(Family.known().keySet());
  }

  @Test
  void everyRowHasCheckpointsOfItsFamily() throws IOException {
    for (var row : rows()) {
      String type = code(row.get(TYPE)).getFirst();
      var cases = code(row.get(CASES));
      assertThat(cases).as(type).isNotEmpty();
      for (String name : cases) {
        var folder = Checkpoints.named(name);
        assertThat(folder.resolve("golden.safetensors")).exists();
        try (var files = Checkpoints.open(folder)) {
          var types = List.of(type(files), type(files) + "_text");
          assertThat(types).as(name).contains(INSIDE.getOrDefault(type, type));
        }
      }
    }
  }

  @Test
  void everyCheckpointOfAFolderHasItsPlace() throws IOException {
    var named = new TreeSet<String>();
    for (var row : rows()) {
      named.addAll(code(row.get(CASES)));
    }
    assertThat(
            Checkpoints.all()
                .map(folder -> folder.getName())
                .filter(name -> !name.startsWith("gguf-")))
        .containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void whatItSaysOfGgufIsTested() throws IOException {
    Set<String> tested = new TreeSet<>();
    try (var files = Files.list(GGUF)) {
      for (var file : files.filter(f -> f.toString().endsWith(".gguf")).toList()) {
        try (var model = ModelLocator.open(file)) {
          tested.add(type(model));
        }
      }
    }
    tested.add("qwen2"); // the gguf-qwen2-… checkpoints
    assertThat(
            rows().stream()
                .filter(row -> row.get(GGUF_COLUMN).strip().startsWith("yes"))
                .map(row -> code(row.get(TYPE)).getFirst()))
        .containsExactlyInAnyOrderElementsOf(tested);
  }

  private static String type(ModelFiles files) {
    return files.config().path("model_type").asString();
  }

  private static List<List<String>> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| ") && line.contains("`"))
        .filter(line -> !line.startsWith("| family") && !line.startsWith("| ---"))
        .map(line -> Arrays.asList(line.split("\\|")))
        .collect(Collectors.toList());
  }

  /// What stands between backticks.
  private static List<String> code(String cell) {
    return Pattern.compile("`([^`]+)`").matcher(cell).results().map(m -> m.group(1)).toList();
  }
}
