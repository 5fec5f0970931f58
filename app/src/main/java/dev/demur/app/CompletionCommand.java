package dev.demur.app;

import dev.demur.app.cli.Terminal;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `demur completion`.
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a completion script for bash and zsh.",
      "",
      "Use it with: source <(demur completion)",
      ""
    })
final class CompletionCommand implements Runnable {

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    terminal.out().print(AutoComplete.bash("demur", spec.root().commandLine()));
  }
}
