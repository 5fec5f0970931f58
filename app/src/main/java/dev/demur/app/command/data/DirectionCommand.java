package dev.demur.app.command.data;

import dev.demur.app.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `demur direction …`.
@Command(
    name = "direction",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Import directions found with other tools.")
public final class DirectionCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private DirectionCommand() {}

  /// The command with its subcommands.
  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new DirectionCommand())
        .addSubcommand(new DirectionImportCommand(terminal));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
