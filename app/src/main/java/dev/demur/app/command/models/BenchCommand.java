package dev.demur.app.command.models;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.profile.Ceilings;
import dev.demur.lab.profile.ModelSpeed;
import dev.demur.lab.profile.ModelSpeed.Rate;
import dev.demur.lab.profile.PassProfile;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.measure.PassReport;
import dev.demur.lab.report.measure.SpeedReport;
import dev.demur.lab.run.Machine;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur bench`.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a model's speed beside the most this machine can do.",
      "",
      "Matrix products and memory reads take turns with the model's own work in one run; figures"
          + " are medians, and shares say how far from the machine's limit the model runs. Leave"
          + " the machine alone meanwhile.",
      ""
    })
public final class BenchCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds of all measurements (default: 5).")
  private int rounds = 5;

  @Option(
      names = "--profile",
      description = {
        "Tell instead where the time of a pass goes: by part of the block, operations, bytes read"
            + " and written, and the least any implementation must move."
      })
  private boolean profile;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  public BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (var chat = options.open(model, terminal)) {
      if (profile) {
        tell(
            PassProfile.of(chat, rounds, new TerminalProgress(terminal)),
            Machine.here(Torch.threads()));
        return ExitCode.OK;
      }
      var speed = ModelSpeed.of(chat, rounds, new TerminalProgress(terminal));
      var machine = Machine.here(Torch.threads());
      if (json) {
        terminal
            .out()
            .print(PrintedJson.of(new Measured(machine, speed.ceilings(), speed.rates())));
      } else {
        terminal.out().print(TextReport.write(SpeedReport.of(speed, machine)));
      }
    }
    return ExitCode.OK;
  }

  private void tell(List<PassProfile> passes, Machine machine) {
    terminal
        .out()
        .print(
            json
                ? PrintedJson.of(new Profiled(machine, passes))
                : TextReport.write(PassReport.of(passes, machine)));
  }

  /// As `--json` prints it.
  private record Profiled(Machine machine, List<PassProfile> passes) {}

  /// As `--json` prints it.
  private record Measured(Machine machine, Ceilings ceilings, List<Rate> rates) {}
}
