package dev.demur.app.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.EditedDemo;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.DirectionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `demur diff` on the embedded models and on runs of a tiny random one.
@Scoped
class DiffCommandTest {

  @TempDir private static Path shared;
  private static Path direction;
  private static Path edited;

  @TempDir Path folder;

  @BeforeAll
  static void edit() throws IOException {
    var demo = EditedDemo.in(shared);
    edited = demo.model();
    direction = demo.direction();
  }

  @Test
  void aModelAgainstItselfIsTheSame() {
    var outcome = Cli.run("diff", "demo", "demo");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("tensors hold the same numbers.").doesNotContain("changed");
  }

  @Test
  void anEditIsOneDirectionAndThatIsWritten() throws IOException {
    Path found = folder.resolve("found.safetensors");
    var outcome =
        Cli.run("diff", "demo", edited, "--direction", direction, "--direction-out", found);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("17 changed", "Only in B: lm_head.weight", "mean |cos| 1.00")
        .contains("100.0 % of what was written is gone", "|cos| with the one given: 1.000")
        .contains("tie_word_embeddings is true and false");
    var one = DirectionFile.read(found).direction().unit();
    var two = DirectionFile.read(direction).direction().unit();
    assertThat(Math.abs(one.dotRows(two).item())).isGreaterThan(0.9999);
  }

  @Test
  void trainingIsNoOneDirection() {
    var outcome = Cli.run("diff", "demo-base", "demo", "--json");
    var json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.path("common").path("agreement").asDouble()).isLessThan(0.5);
    assertThat(json.path("changed").size()).isGreaterThan(17);
    assertThat(json.path("changed").get(0).path("rank_one").asDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void equalRunsDoNotDiffer() throws IOException {
    Path one = study("one", 4);
    Path two = study("two", 4);
    var page = Cli.run("diff", one, two);
    assertThat(page.code()).describedAs(page.err()).isZero();
    assertThat(page.out())
        .contains("Model facts and settings are the same in all runs.")
        .contains("there are none in one and two")
        .contains("harmful_test, unedited");
    var json = JsonMapper.shared().readTree(Cli.run("diff", one, two, "--json").out());
    assertThat(json.path("rates").size()).isPositive();
    for (var rate : json.path("rates")) {
      assertThat(rate.path("test").path("counts").path("only_first").asInt()).isZero();
      assertThat(rate.path("test").path("p_value").asDouble()).isEqualTo(1);
    }
  }

  @Test
  void whatDiffersBetweenRunsIsNamed() throws IOException {
    var outcome = Cli.run("diff", study("one", 4), study("two", 3));
    assertThat(outcome.out())
        .contains("prompts of each harmful set, at most")
        .contains("Rates on harmful_test: tested on the ");
  }

  @Test
  void aRunAndAModelAreNotCompared() throws IOException {
    var outcome = Cli.run("diff", study("one", 4), "demo");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .last()
        .asString()
        .contains("is a run folder and demo is not; name two runs or two models");
  }

  @Test
  void modelsOfOtherShapesAreNotCompared() {
    var outcome = Cli.run("diff", "demo", Cli.checkpoint("llama-gqa-tied"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).last().asString().contains("cannot be compared");
  }

  @Test
  void anUnfinishedRunIsToldFromAModel() throws IOException {
    Path unfinished = folder.resolve("unfinished");
    Files.createDirectories(unfinished.resolve("stages"));
    var outcome = Cli.run("diff", unfinished, unfinished);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).last().asString().contains("name the folder of a finished run");
  }

  private Path study(String name, int harmfulPrompts) throws IOException {
    return Cli.study(folder, name, harmfulPrompts);
  }
}
