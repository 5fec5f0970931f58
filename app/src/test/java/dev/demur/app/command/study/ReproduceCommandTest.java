package dev.demur.app.command.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
