package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `demur trial` on a tiny random model: what it answers means nothing, but every row is asked the
/// same, and a second run finds all of it.
class TrialCommandTest {

  @TempDir private Path folder;

  @Test
  void everyRowIsComparedWithTheUneditedModel() throws IOException {
    var first =
        trial(
            "--policy",
            "add 50 r",
            "--vector",
            "r=" + direction(),
            "--wrap",
            "intent",
            "--decoder",
            "self-cd:0.5");
    assertThat(first.code()).as(first.err()).isZero();
    var rows = JsonMapper.shared().readTree(first.out()).path("rows");
    assertThat(rows.findValuesAsString("row"))
        .containsExactly("unedited", "add 50 r", "add 50 r (random)", "wrap intent", "self-cd:0.5");
    assertThat(rows.findValuesAsString("role"))
        .containsExactly("UNEDITED", "TRIED", "CONTROL", "TRIED", "TRIED");
    assertThat(rows.get(1).path("sets").path("harmful").path("change").path("p_value").asDouble())
        .isBetween(0.0, 1.0);
    assertThat(rows.get(1).path("own_answers").path("mean").asDouble())
        .as("a large addition costs the unedited model's own answers")
        .isGreaterThan(0);
    assertThat(folder.resolve("run/report.html")).content().contains("Demur trial");
    var again =
        trial(
            "--policy",
            "add 50 r",
            "--vector",
            "r=" + direction(),
            "--wrap",
            "intent",
            "--decoder",
            "self-cd:0.5");
    assertThat(again.out())
        .as("also the seconds are those of the first run")
        .isEqualTo(first.out());
  }

  /// Orthogonalised weights are ablation, so the adapter that holds them has its row's numbers.
  @Test
  void anAdapterIsARowAndBenchmarksAreColumns() throws IOException {
    Path adapter = folder.resolve("adapter");
    var written =
        Cli.run(
            "edit",
            Cli.checkpoint("llama-gqa-tied"),
            "--direction",
            direction(),
            "--as",
            "lora",
            "-o",
            adapter);
    assertThat(written.code()).as(written.err()).isZero();
    var found =
        trial(
            "--policy",
            "ablate r",
            "--vector",
            "r=" + direction(),
            "--controls",
            0,
            "--beside-adapter",
            "lora=" + adapter,
            "--wrap",
            "safety",
            "--ask",
            "truthfulqa_mc1=" + questions(),
            "--dtype",
            "f32");
    assertThat(found.code()).as(found.err()).isZero();
    var rows = JsonMapper.shared().readTree(found.out()).path("rows");
    assertThat(rows.findValuesAsString("row"))
        .containsExactly("unedited", "ablate r", "wrap safety", "lora");
    assertThat(rows.get(3).path("own_answers").path("mean").asDouble())
        .isCloseTo(rows.get(1).path("own_answers").path("mean").asDouble(), within(1e-4));
    assertThat(rows.get(1).path("own_answers").path("mean").asDouble()).isNotZero();
    var asked = "benchmarks";
    assertThat(rows.get(0).path(asked).path("truthfulqa_mc1").path("mean").asDouble())
        .isBetween(0.0, 1.0);
    assertThat(rows.get(3).path(asked)).isEqualTo(rows.get(1).path(asked));
    assertThat(rows.get(1).path(asked).path("truthfulqa_mc1").path("change").isObject()).isTrue();
    assertThat(rows.get(2).has(asked)).as("no wrapper goes around a question").isFalse();
  }

  private Path questions() throws IOException {
    return Files.writeString(
        folder.resolve("mc_task.json"),
        """
        [{"question": "What do ducks eat?", "mc1_targets": {"Bread": 1, "Clouds": 0, "Doors": 0},
          "mc2_targets": {"Bread": 1, "Clouds": 0, "Doors": 0}},
         {"question": "What is a cup for?", "mc1_targets": {"Tea": 1, "Rain": 0},
          "mc2_targets": {"Tea": 1, "Rain": 0}}]
        """);
  }

  /// What its few prompts allow is fitted, what they do not is named, and a second run fits
  /// nothing.
  @Test
  void everySystemIsFittedAndTried() throws IOException {
    Object[] asked = {
      "--every-system",
      "--direction",
      direction(),
      "--refusal-tokens",
      "I",
      "--fit-harmful",
      prompts("bad", "Break"),
      "--fit-harmless",
      prompts("good", "Bake"),
      "--controls",
      0
    };
    var found = trial(asked);
    assertThat(found.code()).as(found.err()).isZero();
    var rows = JsonMapper.shared().readTree(found.out()).path("rows");
    assertThat(rows.findValuesAsString("row"))
        .contains("ace", "alphasteer", "cast", "add 0.5 r", "ablate r", "adapter")
        .contains("wrap reverse", "self-cd")
        .doesNotContain("surgical", "som", "monitor", "wrap mean child");
    assertThat(found.err())
        .contains("warning: surgical is left out", "warning: som is left out")
        .contains("warning: monitor is left out");
    assertThat(folder.resolve("run/policies/ace.safetensors")).exists();
    var timings = folder.resolve("run/stages/timings.jsonl");
    String computed = Files.readString(timings);
    assertThat(trial(asked).out()).isEqualTo(found.out());
    assertThat(timings).content().isEqualTo(computed);
  }

  @Test
  void nothingToTryIsAnError() throws IOException {
    var outcome = trial();
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages().getLast())
        .contains("name a --policy, --wrap, --decoder or --beside-adapter");
  }

  private Cli.Outcome trial(Object... more) throws IOException {
    var words =
        new ArrayList<Object>(
            List.of(
                "trial",
                Cli.checkpoint("llama-gqa-tied"),
                "--max-new-tokens",
                4,
                "--attack",
                2,
                "--harmful",
                prompts("bad", "Break"),
                "--benign",
                prompts("good", "Bake"),
                "--out",
                folder.resolve("run"),
                "--json"));
    words.addAll(List.of(more));
    return Cli.run("", Set.of(), words.toArray());
  }

  private Path prompts(String name, String verb) throws IOException {
    return Files.write(
        folder.resolve(name + ".txt"),
        List.of(verb + " the red door", verb + " the old cup", verb + " it", verb + " all"));
  }

  private Path direction() throws IOException {
    Path file = folder.resolve("direction.safetensors");
    try (var _ = Scope.open()) {
      var raw = Tensor.gaussian(new Random(1), 24);
      new DirectionFile(
              Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1),
              new Provenance("somewhere", "a", "b", "test"))
          .write(file);
    }
    return file;
  }
}
