package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.lab.data.Dataset;
import dev.demur.lab.data.Datasets;
import dev.demur.lab.data.StoredFile.State;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Prompts as `--data` names them: the embedded model's (`demo`), a set that `demur data pull`
/// fetches, or a folder in the released layout.
///
/// @param text as typed
public record DataArgument(String text) {

  /// The released code's prompts, which is what most want.
  public static final String USUAL = "refusal-direction";

  /// What a study needs, where nothing is said.
  private static final String NEEDS =
      "a study needs harmful and harmless prompts, to find the direction, to select it and to test"
          + " it. --data "
          + USUAL
          + " takes those of the paper (fetched with: demur data pull "
          + USUAL
          + "), --data DIR a folder laid out like them, and --harmful-train and its neighbours"
          + " single files";

  /// Where the prompts are.
  ///
  /// @throws IllegalArgumentException if nothing is called so, or it is not here and not fetched
  public ReleasedLayout layout(Terminal terminal) throws IOException {
    if (DemoModel.named(text).isPresent()) {
      return ReleasedLayout.at(DemoModel.prompts());
    }
    Path folder = Path.of(text);
    if (Files.exists(folder)) {
      return ReleasedLayout.at(folder);
    }
    return ReleasedLayout.at(published(terminal));
  }

  private Path published(Terminal terminal) throws IOException {
    var set =
        Datasets.all().stream()
            .filter(known -> known.name().equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--data: \"%s\" is neither a folder nor a set; sets are demo and %s"
                            .formatted(text, USUAL)));
    if (set.files().stream().noneMatch(file -> file.name().startsWith("splits/"))) {
      throw new IllegalArgumentException(
          "--data: %s is a set to evaluate on and has no prompts to find a direction with; take"
                  .formatted(text)
              + " --data "
              + USUAL
              + " and add it with --harmful-eval");
    }
    var fetching = Fetching.ofEnvironment(terminal);
    if (isMissing(fetching, set)) {
      if (!agrees(terminal, set)) {
        throw new IllegalArgumentException(
            "--data: %s is not here; fetch it with demur data pull %s".formatted(text, text));
      }
      fetching.pull(set);
    }
    return fetching.store().folder(set);
  }

  private static boolean isMissing(Fetching fetching, Dataset set) {
    return fetching.store().list(set).stream().anyMatch(file -> file.state() == State.ABSENT);
  }

  /// The usual set for who named none, if a person is there to agree to it.
  ///
  /// @throws IllegalArgumentException saying what is needed, if not
  static DataArgument offered(Terminal terminal) {
    if (asks(terminal)) {
      terminal.say(NEEDS);
      if (isYes(terminal, "Take " + USUAL + "?")) {
        return new DataArgument(USUAL);
      }
    }
    throw new IllegalArgumentException(NEEDS);
  }

  private static boolean agrees(Terminal terminal, Dataset set) {
    return asks(terminal)
        && isYes(
            terminal,
            "%s (%s, licence %s) is not here. Fetch it from %s now?"
                .formatted(set.name(), set.title(), set.licence(), set.home()));
  }

  private static boolean asks(Terminal terminal) {
    return terminal.isInteractive(Channel.IN) && terminal.isInteractive(Channel.ERR);
  }

  private static boolean isYes(Terminal terminal, String question) {
    terminal.err().print(question + " [y/N] ");
    terminal.err().flush();
    try {
      return Optional.ofNullable(terminal.in().readLine())
          .filter(answer -> answer.strip().toLowerCase(Locale.ROOT).matches("y|yes"))
          .isPresent();
    } catch (IOException _) { // nobody there after all
      return false;
    }
  }
}
