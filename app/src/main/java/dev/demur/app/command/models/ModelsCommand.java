package dev.demur.app.command.models;

import dev.demur.app.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `demur models …`.
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Fetch models and look at them.")
public final class ModelsCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private ModelsCommand() {}

  /// The command with its subcommands.
  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ModelsInfoCommand(terminal))
        .addSubcommand(new ModelsPullCommand(terminal))
        .addSubcommand(new ModelsListCommand(terminal))
        .addSubcommand(new ModelsPathCommand(terminal))
        .addSubcommand(new ModelsVerifyCommand(terminal));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
