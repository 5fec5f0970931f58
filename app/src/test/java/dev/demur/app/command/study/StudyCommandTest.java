package dev.demur.app.command.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import dev.demur.lab.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `demur study` from end to end on a tiny random model, which refuses nothing.
class StudyCommandTest {

  @TempDir Path folder;
  private Path data;
  private Path run;

  @BeforeEach
  void prompts() throws IOException {
    data = Cli.data(folder);
    run = folder.resolve("run");
  }

  @Test
  void aModelWithoutTheBehaviourIsToldSoInWords() throws IOException {
    var outcome = study();
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("llama-gqa-tied: This model hardly shows the behaviour")
        .containsPattern("harmful_test, unedited +\\d+.\\d % .* 4\n")
        .containsPattern("harmless_test, unedited +\\d+.\\d % .* 4\n")
        .contains(run.resolve("report.html").toString());
    assertThat(run.resolve("direction.safetensors")).doesNotExist();
    for (String file : List.of("report.html", "report.md", "report.json", "completions.jsonl")) {
      assertThat(run.resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void fullGridAndHalvingExcludeEachOther() throws IOException {
    var outcome = study("--full-grid", "--halving");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--halving drops some; give one of them");
    assertThat(run).doesNotExist();
  }

  @Test
  void aProfileSaysWhereTheTimeWentAndIsInTheManifest() throws IOException {
    var outcome = study("--profile");
    assertThat(outcome.err()).contains("of memory", "This machine: bf16 products");
    var stages = json(run.resolve("profile.json")).path("stages");
    var read = stages.get(0);
    assertThat(read.path("stage").asString()).isEqualTo("read");
    assertThat(read.path("tokens").asLong()).isPositive();
    assertThat(read.path("flop").asDouble()).isPositive();
    assertThat(read.path("memory_share").isNull()).isTrue();
    var writes = stages.get(stages.size() - 1);
    assertThat(writes.path("stage").asString()).isEqualTo("complete");
    assertThat(writes.path("bytes").asDouble()).isPositive();
    assertThat(json(run.resolve("manifest.json")).path("files").toString())
        .contains("profile.json");
    study();
    assertThat(run.resolve("profile.json")).as("of an earlier study").doesNotExist();
  }

  @Test
  void theManifestHoldsWhatARepetitionNeeds() throws IOException {
    study();
    var manifest = json(run.resolve("manifest.json"));
    assertThat(manifest.path("format").asString()).isEqualTo("demur-manifest");
    assertThat(manifest.path("tool").asString()).matches("demur \\d+\\.\\d+\\.\\d+");
    assertThat(manifest.path("command").asString())
        .startsWith("demur study ")
        .contains("--train 6");
    assertThat(manifest.path("model").path("weights_sha256").asString()).hasSize(64);
    assertThat(manifest.path("model").path("template_sha256").asString()).hasSize(64);
    assertThat(manifest.path("config").path("sizes").path("train").asInt()).isEqualTo(6);
    assertThat(manifest.path("config").path("seed").asInt()).isEqualTo(42);
    assertThat(manifest.path("data").path("sets").get(0).path("indices").size()).isEqualTo(6);
    assertThat(manifest.path("judges").size()).isPositive();
    assertThat(manifest.path("machine").path("cores").asInt()).isPositive();
    var files = new ArrayList<String>();
    manifest.path("files").forEach(file -> files.add(file.path("name").asString()));
    assertThat(files).contains("report.html", "report.json", "completions.jsonl");
  }

  @Test
  void theSummaryIsAlsoThereForPrograms() {
    var outcome = study("--json");
    var summary = JsonMapper.shared().readTree(outcome.out());
    assertThat(summary.path("finding").asString()).isEqualTo("no_behaviour");
    assertThat(summary.path("rates").get(0).path("n").asInt()).isEqualTo(4);
  }

  @Test
  void completionsAreKeptOnlyWhenAskedFor() throws IOException {
    study();
    assertThat(run.resolve("completions")).doesNotExist();
    assertThat(Files.readString(run.resolve("completions.jsonl"))).doesNotContain("\"text\":\"");

    study("--keep-completions");
    assertOnlyTheOwnerReadsCompletions();
    var rows = json(run.resolve("completions/harmful_test_baseline_completions.json"));
    assertThat(rows.size()).isEqualTo(4);
    assertThat(rows.get(0).path("prompt").asString()).startsWith("Never mind how to bake");
    assertThat(rows.get(0).has("response")).isTrue();
    assertThat(Files.readString(run.resolve("report.html"))).contains("Never mind how to bake");

    study();
    assertThat(run.resolve("completions")).isEmptyDirectory();
  }

  /// D12: everybody could read them.
  private void assertOnlyTheOwnerReadsCompletions() throws IOException {
    if (!run.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (var files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.startsWith("completions")
            || name.startsWith("report.html")
            || name.startsWith("report.md")
            || name.endsWith(".jsonl")) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .describedAs(name)
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void severalJudgesSitTogether() throws IOException {
    Path guard =
        Files.writeString(
            folder.resolve("guard.json"),
            """
            {"name": "tiny", "version": "1", "measures": "harm",
             "messages": [{"role": "user", "content": "{instruction} / {completion}"}],
             "tokens": {"a": 1, "b": 0}, "threshold": 0.5}
            """);
    String judges = "lexicon,first-token," + guard + "=" + Cli.checkpoint("qwen2-tied");
    var outcome = study("--judge", judges, "--keep-completions");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("judge lexicon");
    var manifest = json(run.resolve("manifest.json")).path("judges");
    assertThat(manifest.valueStream().map(judge -> judge.path("name").asString()))
        .containsExactly("lexicon", "first-token", "tiny");
    assertThat(manifest.get(2).path("version").asString()).startsWith("1, qwen2-tied");
    var row =
        JsonMapper.shared()
            .readTree(Files.readAllLines(run.resolve("completions.jsonl")).getFirst());
    assertThat(row.path("labels").propertyNames()).containsExactly("lexicon", "first-token");
    assertThat(row.path("harm").propertyNames()).containsExactly("tiny");
    var tables = json(run.resolve("report.json")).path("tables");
    assertThat(tables.path("harms").size()).isEqualTo(2);
    assertThat(tables.path("agreement").size()).isEqualTo(2);
    assertThat(run.resolve("tables/endings.csv")).isNotEmptyFile();
  }

  @Test
  void aLabelledSampleCalibratesTheJudges() throws IOException {
    study();
    var lines = Files.readAllLines(run.resolve("completions.jsonl"));
    var labelled = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      String label = i % 2 == 0 ? "full" : "none";
      labelled.add(lines.get(i).replaceFirst("\\{", "{\"label\":\"" + label + "\","));
    }
    Path labels = Files.write(folder.resolve("labels.jsonl"), labelled);
    var outcome = study("--labels", labels.toString());
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var calibration = json(run.resolve("report.json")).path("tables").path("calibration").get(1);
    assertThat(calibration.path("n").intValue()).isEqualTo(8);
    assertThat(calibration.path("sensitivity").doubleValue()).isZero();
    assertThat(calibration.path("specificity").doubleValue()).isEqualTo(1);
    assertThat(study("--labels", data.resolve("splits/harmful_test.json").toString()).messages())
        .singleElement()
        .asString()
        .contains("has no field \"label\"");
  }

  @Test
  void aModelThatIsStillThinkingNeitherRefusesNorComplies() throws IOException {
    Path model = Checkpoints.copy(Cli.checkpoint("llama-gqa-tied"), folder);
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]<think>");
    var words = words();
    words[1] = model;
    var outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var tables = json(run.resolve("report.json")).path("tables");
    assertThat(tables.path("endings").get(0).path("unfinished").intValue()).isEqualTo(4);
    assertThat(tables.path("rates").size()).as("nobody answered").isZero();
    assertThat(Files.readString(run.resolve("report.md")))
        .contains("8 of 8 completions were still");
  }

  @Test
  void aSecondRunComputesNothingAndFindsTheSame() throws IOException {
    study();
    var first = report();
    var stages = modified();
    var outcome = study();
    assertThat(outcome.code()).isZero();
    assertThat(report()).isEqualTo(first);
    assertThat(modified()).isEqualTo(stages);
  }

  @Test
  void aKilledStudyGoesOnWhereItWas() throws Exception {
    var process = Cli.start("", List.of(), words());
    var rows = run.resolve("stages");
    // Killed as soon as a stage has left something, wherever that is.
    while (process.isAlive() && journals(rows).isEmpty()) {
      Thread.sleep(20);
    }
    process.destroyForcibly().waitFor();
    var before = journals(rows);

    var outcome = study();
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    for (Path journal : before) {
      assertThat(Files.readAllLines(journal)).doesNotHaveDuplicates();
    }
    var resumed = findings();
    run = folder.resolve("fresh");
    study();
    assertThat(resumed).isEqualTo(findings());
  }

  @Test
  void aFolderAnotherStudyWorksInIsLeftAlone() throws IOException {
    try (var _ = RunStore.at(run)) {
      var outcome = study();
      assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.messages())
          .singleElement()
          .asString()
          .contains("another study is at work", "process");
    }
    assertThat(run.resolve("report.html")).doesNotExist();
  }

  private Cli.Outcome study(String... more) {
    var words = new ArrayList<Object>(Arrays.asList(words()));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private Object[] words() {
    return new Object[] {
      "study",
      Cli.checkpoint("llama-gqa-tied"),
      "--data",
      data,
      "--out",
      run,
      "--train",
      6,
      "--val",
      4,
      "--harmful-prompts",
      4,
      "--harmless-prompts",
      4,
      "--max-new-tokens",
      6
    };
  }

  /// What was found, without the times it took.
  private JsonNode findings() {
    var study = json(run.resolve("report.json")).path("study");
    return study.path("evaluation");
  }

  private String report() throws IOException {
    return Files.readString(run.resolve("report.json"));
  }

  private String modified() throws IOException {
    try (var files = Files.list(run.resolve("stages"))) {
      return files
          .sorted()
          .map(file -> file.getFileName() + " " + file.toFile().lastModified())
          .filter(line -> !line.startsWith("timings"))
          .collect(Collectors.joining("\n"));
    }
  }

  private static List<Path> journals(Path stages) throws IOException {
    if (!Files.isDirectory(stages)) {
      return List.of();
    }
    try (var files = Files.list(stages)) {
      return files
          .filter(f -> f.getFileName().toString().matches("(behaviour|complete)-.*"))
          .toList();
    }
  }

  private static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file);
  }
}
