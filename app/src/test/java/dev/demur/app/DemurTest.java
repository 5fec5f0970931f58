package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Settings;
import dev.demur.app.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemurTest {

  private static final Terminal NOWHERE = Cli.nowhere();

  @Test
  void withoutACommandTheHelpIsShown() {
    var outcome = Cli.run();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("Usage: demur").contains("study", "chat", "Exit codes");
  }

  @Test
  void theListOfCommandsIsTheOneTheCommandsThemselvesGive() {
    var every = Demur.everyCommand(NOWHERE);
    assertThat(Demur.commandLine(NOWHERE, Settings.none(), "--help").getUsageMessage())
        .isEqualTo(every.getUsageMessage());
    assertThat(every.getSubcommands())
        .allSatisfy((word, c) -> assertThat(c.getCommandName()).isEqualTo(word));
  }

  @ParameterizedTest
  @EnumSource(Subcommand.class)
  void oneCommandAloneIsWhatItIsAmongAll(Subcommand subcommand) {
    String word = subcommand.word();
    var alone =
        Demur.commandLine(NOWHERE, Settings.none(), "--debug", word).getSubcommands().get(word);
    var among = Demur.everyCommand(NOWHERE).getSubcommands().get(word);
    assertThat(alone.getUsageMessage()).isEqualTo(among.getUsageMessage());
    assertThat(alone.getSubcommands().keySet()).isEqualTo(among.getSubcommands().keySet());
  }

  @Test
  void aCommandMayStandInAFileOfArguments(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("arguments"), "chat --help");
    assertThat(Cli.run("@" + file).out()).startsWith("Usage: demur chat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"study", "activations", "chat", "models", "completion"})
  void everyCommandHasHelp(String command) {
    var outcome = Cli.run(command, "--help");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("Usage: demur " + command);
  }

  @Test
  void anUnknownCommandIsOneLineAndCodeTwo() {
    var outcome = Cli.run("sing");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err().lines()).singleElement().asString().contains("sing", "demur --help");
  }

  /// E10: nothing was suggested for a slip of the finger.
  @ParameterizedTest
  @CsvSource({
    "stdy demo, study",
    "chta demo, chat",
    "models pul x, pull",
    "study --jsn, --json",
    "study --max-new-token=4, --max-new-tokens",
    "chat demo --coeficient 2, --coefficient",
  })
  void aTypoIsAnsweredWithWhatWasMeant(String typed, String meant) {
    var outcome = Cli.run((Object[]) typed.split(" "));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .singleElement()
        .asString()
        .contains("did you mean " + meant + "?");
  }

  @Test
  void nothingIsSuggestedForAWordLikeNoOther() {
    assertThat(Cli.run("sing").err()).doesNotContain("did you mean");
  }

  /// E11: help was 100 columns wide.
  @Test
  void helpFitsEightyColumns() {
    assertThat(everyLine(Demur.everyCommand(NOWHERE))).allMatch(line -> line.length() <= 80);
  }

  private static List<String> everyLine(CommandLine command) {
    var lines = new ArrayList<>(command.getUsageMessage().lines().toList());
    command.getSubcommands().values().forEach(sub -> lines.addAll(everyLine(sub)));
    return lines;
  }

  /// E13: 15 of 24 commands had it. A completion script is for a shell, and a server ends in no
  /// result.
  @Test
  void everyCommandThatEndsInAResultHasJson() {
    assertThat(leaves(Demur.everyCommand(NOWHERE)))
        .hasSizeGreaterThan(20)
        .filteredOn(command -> !Set.of("completion", "serve").contains(command.getCommandName()))
        .allMatch(command -> command.getCommandSpec().optionsMap().containsKey("--json"));
  }

  private static List<CommandLine> leaves(CommandLine command) {
    return command.getSubcommands().isEmpty()
        ? List.of(command)
        : command.getSubcommands().values().stream().flatMap(c -> leaves(c).stream()).toList();
  }

  @Test
  void quietLeavesProgressAndNotesOut(@TempDir Path folder) throws IOException {
    Object[] command = {
      "activations",
      Cli.checkpoint("llama-gqa-tied"),
      "--prompts",
      Files.writeString(folder.resolve("p.txt"), "Bake bread."),
      "--out",
      folder.resolve("o.st")
    };
    assertThat(Cli.run(command).err()).contains("activations: ");
    var quiet = Arrays.copyOf(command, command.length + 1);
    quiet[command.length] = "--quiet";
    assertThat(Cli.run(quiet).err()).isEmpty();
  }

  @Test
  void theVersionIsTheBuilds() {
    assertThat(Cli.run("--version").out()).matches("(?s)demur \\d+\\.\\d+\\.\\d+\\R.*");
  }

  @Test
  void theCompletionScriptKnowsEveryCommand() {
    assertThat(Cli.run("completion").out()).contains("study", "activations", "--full-grid");
  }

  @Test
  void aModelIsShownWithItsTemplatesTokens() {
    var outcome = Cli.run("models", "info", Cli.checkpoint("llama-gqa-tied"));
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("layers +3")
        .containsPattern("d_model +24")
        .contains("EOI tokens", "<|im_end|>", "assistant");
  }

  @Test
  void helpNeedsNeitherEngineNorTokenizer() throws Exception {
    var loaded = List.of("-Xlog:class+load:stdout");
    var outcome = Cli.finish(Cli.start("", loaded, "study", "--help"));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("Usage: demur study");
    assertThat(outcome.out()).doesNotContain("org.bytedeco.", "ai.djl.");
  }

  @Test
  void resultsThatCannotBeWrittenAreAFailure() throws Exception {
    if (Path.of("/dev/full").toFile().exists()) {
      var outcome = Cli.finish(Cli.start("exec >/dev/full;", List.of(), "--help"));
      assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    }
  }
}
