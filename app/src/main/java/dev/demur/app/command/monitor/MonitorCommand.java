package dev.demur.app.command.monitor;

import dev.demur.app.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `demur monitor …`.
@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Train and run a detector that reads the pass which serves a prompt.",
      "",
      "docs/monitor.md says" + " what its alarms mean."
    })
public final class MonitorCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private MonitorCommand() {}

  /// The command with its subcommands.
  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new MonitorCommand())
        .addSubcommand(new MonitorTrainCommand(terminal))
        .addSubcommand(new MonitorScoreCommand(terminal))
        .addSubcommand(new MonitorEvaluateCommand(terminal));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
