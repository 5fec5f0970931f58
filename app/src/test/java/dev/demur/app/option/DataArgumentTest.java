package dev.demur.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.Cli.Outcome;
import dev.demur.app.Session;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.lab.data.Datasets;
import dev.demur.lab.prompts.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataArgumentTest {

  private static final Path MODEL = Cli.checkpoint("llama-gqa-tied");

  @TempDir Path folder;

  /// E8: it said that prompts are missing, not where to get them.
  @Test
  void aStudyWithoutPromptsSaysWhatItNeedsAndHowToGetIt() {
    var outcome = Cli.run("study", MODEL);
    assertRefused(outcome, "harmful and harmless prompts", "demur data pull refusal-direction");
  }

  @Test
  void aPersonIsOfferedThePapersPromptsAndMayDecline() {
    var people = Set.of(Channel.IN, Channel.OUT, Channel.ERR);
    var outcome = Cli.run("n\n", people, "study", MODEL);
    assertThat(outcome.err()).contains("Take refusal-direction? [y/N] ");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  /// E9: audit took demo, study took neither name.
  @Test
  void demoNamesTheEmbeddedModelsPrompts() throws IOException {
    var layout = new DataArgument("demo").layout(Cli.nowhere());
    assertThat(layout.harmful(Split.TRAIN).prompts()).isNotEmpty();
    Path run = folder.resolve("run");
    assertThat(Cli.run("study", MODEL, "--data", "demo", "--train", 100_000, "--out", run).err())
        .contains("cannot draw 100000 prompts from harmful_train");
  }

  /// E9, for a set that was fetched before.
  @Test
  void refusalDirectionNamesWhatWasPulled() throws IOException {
    try (var session = Session.in("export DEMUR_DATA_HOME='" + folder + "';")) {
      assertRefused(
          session.run("study", MODEL, "--data", "refusal-direction"),
          "not here; fetch it with demur data pull refusal-direction");
      Path own = folder.resolve("refusal-direction");
      for (var file : Datasets.named("refusal-direction").files()) {
        Path path = own.resolve(file.name());
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, "[\"Bake bread.\"]");
      }
      assertRefused(
          session.run("study", MODEL, "--data", "refusal-direction"),
          "cannot draw 128 prompts from harmful_train, which has 1");
    }
  }

  @Test
  void aSetForEvaluationAndAWordThatIsNothingAreRefused() {
    assertRefused(Cli.run("study", MODEL, "--data", "xstest"), "xstest", "--harmful-eval");
    assertRefused(
        Cli.run("audit", MODEL, "--data", "dmeo"), "\"dmeo\"", "demo and refusal-direction");
  }

  private static void assertRefused(Outcome outcome, String... words) {
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).singleElement().asString().contains(words);
  }
}
