package dev.demur.app.command.policy;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `demur policy`, and `--policy` where a model is run.
class PolicyCommandTest {

  @TempDir private Path folder;
  private Path direction = Path.of("");

  @BeforeEach
  void direction() throws IOException {
    direction = folder.resolve("direction.safetensors");
    try (var _ = Scope.open()) {
      var raw = Tensor.gaussian(new Random(1), 24);
      new DirectionFile(
              Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1),
              new Provenance("somewhere", "a", "b", "test"))
          .write(direction);
    }
  }

  @Test
  void aSoundPolicyIsPrintedAsTheLanguageWritesIt() {
    var outcome = run("validate", "add .50 r@answer ;ablate r", "--vector", "r=" + direction);
    assertThat(outcome.out()).isEqualTo("add 0.5 r @answer; ablate r\n");
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    var outcome = run("validate", "add r @anser", "--vector", "r=" + direction);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .containsExactly(
            "demur: policy at character 8: found \"anser\", expected layer, layers, sites, every,"
                + " prompt, last, answer, thinking, after-thinking");
    assertThat(run("validate", "add q").messages().getFirst()).contains("found \"q\"");
    assertThat(run("validate", direction).messages().getFirst()).contains("is no policy");
    assertThat(
            run("validate", "add r @layer 9", "--vector", "r=" + direction, "--model", tiny())
                .messages())
        .last()
        .asString()
        .contains("acts at layer 9, but there are");
  }

  @Test
  void aPolicyIsWrittenWithinItsDoseAndFollowed() {
    Path file = folder.resolve("policy.safetensors");
    var shown =
        run(
            "show",
            "add 50 r",
            "--vector",
            "r=" + direction,
            "--model",
            tiny(),
            "--max-dose",
            0.5,
            "--out",
            file);
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out())
        .startsWith("add ")
        .doesNotStartWith("add 50 ")
        .contains("add 50 r: dose");
    var again = run("show", file, "--model", tiny(), "--json");
    // The weaker policy writes other answers, so its dose is not the limit to the last digit.
    assertThat(again.out()).containsPattern("\"median\" ?: ?0.(4[5-9]|5[0-5])");
    var followed = chat("--policy", file);
    assertThat(followed.code()).as(followed.err()).isZero();
    assertThat(followed.err()).containsPattern(": dose 0\\.[45]\\d of the stream's length");
    assertThat(chat("--policy", "add 50 r", "--vector", "r=" + direction).out())
        .as("the long form of --add")
        .isEqualTo(chat("--add", direction, "--coefficient", 50).out());
  }

  @Test
  void aFittedPolicyIsWrittenAndFollowed() throws IOException {
    for (var method : List.of("ace", "alphasteer", "cast")) {
      Path out = folder.resolve(method + ".safetensors");
      var fitted = fit(method, out, "--direction", direction, "--layers", "0-1");
      assertThat(fitted.code()).as(fitted.err()).isZero();
      assertThat(chat("--policy", out).code()).as(method).isZero();
    }
  }

  private Path prompts(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name + ".txt"), List.of(lines));
  }

  @Test
  void onlyCosmicFindsADirectionOfItsOwn() throws IOException {
    Path out = folder.resolve("cosmic.safetensors");
    // On the usual tiny model every ablation changes every answer; this one is made for selection.
    var fitted = fit(Path.of("../lab/src/test/resources/golden/method/checkpoint"), "cosmic", out);
    assertThat(fitted.code()).as(fitted.err()).isZero();
    assertThat(run("show", out).out()).startsWith("ablate r\n  r: the direction");
    assertThat(fit("ace", folder.resolve("ace.safetensors")).messages().getLast())
        .contains("ace needs the refusal direction: --direction");
    assertThat(fit("cosmic", out, "--direction", direction).messages().getLast())
        .contains("leave --direction out");
  }

  private Cli.Outcome fit(String method, Path out, Object... more) throws IOException {
    return fit(tiny(), method, out, more);
  }

  private Cli.Outcome fit(Path model, String method, Path out, Object... more) throws IOException {
    var words =
        new ArrayList<Object>(
            List.of(
                "fit",
                method,
                model,
                "--harmful",
                prompts("bad", "Break the red door", "Break the old cup", "Break it", "Break all"),
                "--harmless",
                prompts("good", "Bake the red bread", "Bake the old pie", "Bake it", "Bake all"),
                "--out",
                out));
    words.addAll(List.of(more));
    return run(words.toArray());
  }

  @Test
  void oneThingIsDoneToAModel() {
    assertThat(chat("--policy", "add " + direction, "--add", direction).messages())
        .last()
        .asString()
        .contains("--policy excludes --ablate and --add");
    assertThat(chat("--max-dose", 1).messages().getLast()).contains("belongs to --policy");
  }

  private static Path tiny() {
    return Cli.checkpoint("llama-gqa-tied");
  }

  private static Cli.Outcome run(Object... words) {
    return Cli.run("", Set.of(), prepend(words, "policy"));
  }

  private static Cli.Outcome chat(Object... words) {
    return Cli.run(
        "", Set.of(), prepend(words, "chat", tiny(), "--max-new-tokens", 4, "-p", "Hello!"));
  }

  private static Object[] prepend(Object[] words, Object... first) {
    var all = new ArrayList<>(List.of(first));
    all.addAll(List.of(words));
    return all.toArray();
  }
}
