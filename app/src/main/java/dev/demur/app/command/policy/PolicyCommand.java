package dev.demur.app.command.policy;

import dev.demur.app.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `demur policy …`.
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Fit, show and check policies: what is done to the stream, when and where.",
      "",
      "docs/policies.md has the language."
    })
public final class PolicyCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private PolicyCommand() {}

  /// The command with its subcommands.
  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyFitCommand(terminal))
        .addSubcommand(new PolicyShowCommand(terminal))
        .addSubcommand(new PolicyValidateCommand(terminal));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
