package dev.demur.app.command.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.report.format.StudyManifest;
import dev.demur.lab.study.StudyConfig.Procedure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A study is run again from its manifest.
class ReproduceCommandTest {

  private static final Path MODEL = Cli.checkpoint("llama-gqa-tied");

  @TempDir Path folder;

  private Cli.Outcome again(Path run, Object... more) {
    Object[] words = {"reproduce", run, MODEL, "--data", folder.resolve("data")};
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return Cli.run(all.toArray());
  }

  @Test
  void aStudyGivesTheSameValuesAgain() throws IOException {
    Path run = Cli.study(folder, "one", 4);
    var outcome = again(run);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).containsPattern("All \\d+ values are the same");
    assertThat(folder.resolve("one-again/report.html")).isNotEmptyFile();
  }

  /// Manifests made before `--select cosmic` and `--as-paper` lack the fields that these added.
  @Test
  void aManifestWithoutLaterFieldsIsThatOfTheUsualStudy() throws IOException {
    Path run = Cli.study(folder, "one", 4);
    Path file = run.resolve("manifest.json");
    var manifest = (ObjectNode) JsonMapper.shared().readTree(file.toFile());
    var config = (ObjectNode) manifest.path("config");
    ((ObjectNode) config.path("rules")).remove(List.of("criterion", "coordinates"));
    config.remove(List.of("procedure", "extent"));
    Files.writeString(file, manifest.toString());
    var outcome = again(run);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).containsPattern("All \\d+ values are the same");
  }

  /// A manifest of version 1, which called prompts target and baseline.
  @Test
  void theFirstVersionsManifestIsRead() throws IOException {
    var manifest = StudyManifest.read(Path.of("src/test/resources/earlier-run/manifest.json"));
    assertThat(manifest.config().evaluation().harmfulPrompts()).isEqualTo(4);
    assertThat(manifest.config().rules().criterion()).isEqualTo(Criterion.BYPASS);
    assertThat(manifest.config().procedure()).isEqualTo(Procedure.USUAL);
    assertThat(manifest.harmfulSets()).isNotEmpty();
  }

  @Test
  void otherPromptsAreRefusedByNameUnlessTold() throws IOException {
    Path run = Cli.study(folder, "one", 4);
    Path test = folder.resolve("data/splits/harmful_test.json");
    Files.writeString(test, Files.readString(test).replace("loaf 3", "loaf 33"));
    var refused = again(run);
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("prompts, harmful_test not as in the manifest");
    var told = again(run, "--anyway", "--json");
    assertThat(told.code()).describedAs(told.err()).isZero();
    assertThat(told.out()).contains("\"differing\"", "data.sets[4].sha256");
  }

  @Test
  void whatIsNoManifestIsNamed() throws IOException {
    for (String text :
        new String[] {"{}", "[", "{\"format\": \"demur-manifest\", \"config\": 7}"}) {
      Path file = Files.writeString(folder.resolve("manifest.json"), text);
      var outcome = Cli.run("reproduce", file, MODEL);
      assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(outcome.err()).contains("manifest.json").doesNotContain("fault in Demur");
    }
  }
}
