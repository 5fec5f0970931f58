package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void nothingToTryIsAnError() throws IOException {
    var outcome = trial();
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages().getLast()).contains("name a --policy, --wrap or --decoder");
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
