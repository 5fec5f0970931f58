package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkCommandTest {

  private static final String MODEL = Cli.checkpoint("qwen2-tied").toString();
  private static final Path FILES = Path.of("../lab/src/test/resources/golden/benchmark");

  @TempDir private Path folder;

  @Test
  void everyTaskIsMeasuredUnderEveryVariant() throws IOException {
    var outcome =
        run(
            "--tasks",
            "mmlu=%s,hellaswag=%s,truthfulqa_mc2=%s,gsm8k=%s"
                .formatted(
                    FILES.resolve("mmlu"),
                    FILES.resolve("hellaswag_validation.jsonl"),
                    FILES.resolve("truthfulqa.json"),
                    FILES.resolve("gsm8k_test.jsonl")),
            "--examples",
            "hellaswag=%s,gsm8k=%s"
                .formatted(
                    FILES.resolve("hellaswag_train.jsonl"), FILES.resolve("gsm8k_train.jsonl")),
            "--few-shot",
            "1",
            "--max-new-tokens",
            "8",
            "--categories",
            categories(),
            "--items",
            "hellaswag=" + items(),
            "--ablate",
            direction(),
            "--json");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var result = JsonMapper.shared().readTree(outcome.out());
    assertThat(result.path("harness").asString()).startsWith("lm-evaluation-harness 0.");
    var outcomes = result.path("outcomes").values().stream().toList();
    assertThat(outcomes.stream().map(o -> o.path("task").asString()).distinct())
        .containsExactly(
            "mmlu_abstract_algebra",
            "mmlu_anatomy",
            "hellaswag",
            "truthfulqa_mc2",
            "gsm8k",
            "mmlu",
            "mmlu_subjects",
            "truthfulqa_mc2/Odd",
            "truthfulqa_mc2/Plain");
    assertThat(outcomes.stream().filter(o -> o.has("difference")))
        .allMatch(o -> o.path("variant").asString().equals("ablation"))
        .hasSize(outcomes.size() / 2);
    var all = outcomes.stream().filter(o -> o.path("task").asString().equals("mmlu")).toList();
    assertThat(all.getFirst().path("n").intValue()).isEqualTo(6);
    var whole = result.path("whole").values().stream().toList();
    assertThat(whole.stream().map(e -> e.path("variant").asString()))
        .containsExactly("unedited", "ablation");
    assertThat(whole.getFirst().path("estimate").path("mixed").doubleValue()).isBetween(0.0, 1.0);
    assertThat(whole.getLast().has("change")).isTrue();
    assertThat(Files.readString(folder.resolve("run/benchmark.json"))).isEqualTo(outcome.out());
  }

  /// The four questions of the committed file, chosen among five.
  private Path items() throws IOException {
    return Files.writeString(
        folder.resolve("items.json"),
        """
        {"chosen": [3, 0, 1, 4], "weights": [0.1, 0.2, 0.3, 0.4], "lambda": 0.5, "balance": [1, 1, 1, 1, 1],
         "discrimination": [[1, 1, 1, 1, 1]], "difficulty": [[0, 0.5, 0, -0.5, 0]]}
        """);
  }

  /// Every second question of the committed file is odd.
  private Path categories() throws IOException {
    var questions = JsonMapper.shared().readTree(FILES.resolve("truthfulqa.json").toFile());
    var lines = new ArrayList<String>(List.of("Type,Category,Question"));
    for (var question : questions) {
      lines.add(
          "x,%s,\"%s\""
              .formatted(
                  lines.size() % 2 == 0 ? "Odd" : "Plain", question.path("question").asString()));
    }
    return Files.write(folder.resolve("TruthfulQA.csv"), lines);
  }

  @Test
  void aRunThatLostItsLastRowsEndsInTheSameNumbers() throws IOException {
    Object[] command = {
      "--tasks", "arc_easy=" + FILES.resolve("arc_test.jsonl"), "--ablate", direction(), "--json"
    };
    var whole = run(command);
    assertThat(whole.code()).describedAs(whole.err()).isZero();
    try (var files = Files.list(folder.resolve("run/stages"))) {
      for (Path file : files.toList()) {
        var lines = Files.readAllLines(file);
        if (lines.size() < 2) {
          continue; // how long the stage took: a row of its own
        }
        assertThat(lines).hasSize(5);
        Files.writeString(file, lines.getFirst() + "\n" + lines.get(1).substring(0, 20));
      }
    }
    var resumed = run(command);
    assertThat(means(resumed.out())).isEqualTo(means(whole.out()));
  }

  @Test
  void peopleSeeTheVersionThatPromptsFollow() {
    var outcome =
        run("--tasks", "winogrande=" + FILES.resolve("winogrande_validation.jsonl"), "--limit", 2);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("lm-evaluation-harness 0.4.13")
        .containsPattern("winogrande acc +unedited +2 +\\d+.0 %");
  }

  @Test
  void badInputIsNamedInOneLine() {
    assertThat(run("--tasks", "chess=x.jsonl").messages().getFirst())
        .contains("no task is called \"chess\"", "hellaswag");
    assertThat(run("--tasks", "arc_easy=" + FILES.resolve("gsm8k_test.jsonl")).messages())
        .singleElement()
        .asString()
        .contains("gsm8k_test.jsonl, line 1", "arc_easy");
    assertThat(
            run("--tasks", "arc_easy=" + FILES.resolve("arc_test.jsonl"), "--few-shot", "3")
                .messages())
        .singleElement()
        .asString()
        .contains("arc_easy: 3 examples take 3 questions to draw from, there are 0");
    var folderless = run("--tasks", "mmlu=" + FILES);
    assertThat(folderless.code()).isEqualTo(2);
    assertThat(folderless.messages().getFirst()).contains("has no folder test");
  }

  private static List<Double> means(String json) {
    return JsonMapper.shared().readTree(json).path("outcomes").values().stream()
        .map(o -> o.path("mean").doubleValue())
        .toList();
  }

  private Cli.Outcome run(Object... more) {
    var args = new ArrayList<Object>(List.of("benchmark", MODEL, "--out", folder.resolve("run")));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  private Path direction() throws IOException {
    return DemoDirection.write(MODEL, 1, folder);
  }
}
