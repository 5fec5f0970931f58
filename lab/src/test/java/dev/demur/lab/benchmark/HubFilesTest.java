package dev.demur.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parquet with the hub's columns asks what the authors' own files ask.
class HubFilesTest {

  private static final Path FILES = Path.of("src/test/resources/golden/benchmark");
  private static final Path HUB = FILES.resolve("hub");

  @ParameterizedTest
  @CsvSource({
    "arc_challenge, arc_test.jsonl, arc_challenge.parquet",
    "hellaswag, hellaswag_validation.jsonl, hellaswag.parquet",
    "winogrande, winogrande_validation.jsonl, winogrande.parquet",
    "truthfulqa_mc1, truthfulqa.json, truthfulqa_mc1.parquet",
    "truthfulqa_mc2, truthfulqa.json, truthfulqa_mc1.parquet",
    "gsm8k, gsm8k_test.jsonl, gsm8k.parquet"
  })
  void aTaskIsTheSame(String task, String published, String hub) throws IOException {
    assertThat(asked(read(task, HUB.resolve(hub), Optional.empty())))
        .isEqualTo(asked(read(task, FILES.resolve(published), Optional.empty())));
  }

  @Test
  void mmluIsTheSameFromTheFolderAndFromTheFile() throws IOException {
    var published = asked(read("mmlu", FILES.resolve("mmlu"), Optional.empty()));
    Path folder = HUB.resolve("mmlu");
    assertThat(asked(read("mmlu", folder, Optional.empty()))).isEqualTo(published);
    assertThat(
            asked(
                read(
                    "mmlu",
                    folder.resolve("test-00000-of-00001.parquet"),
                    Optional.of(folder.resolve("dev-00000-of-00001.parquet")))))
        .isEqualTo(published);
  }

  private static List<TaskData> read(String task, Path path, Optional<Path> examples)
      throws IOException {
    return TaskFiles.read(Task.named(task), path, examples);
  }

  /// Everything but the fields a question came from.
  private static List<Object> asked(List<TaskData> data) {
    return data.stream()
        .<Object>map(
            d ->
                List.of(
                    d.name(),
                    d.description(),
                    withoutSource(d.questions()),
                    withoutSource(d.pool())))
        .toList();
  }

  private static List<Document> withoutSource(List<Document> documents) {
    return documents.stream().map(d -> new Document("", d.text(), d.choices(), d.right())).toList();
  }
}
