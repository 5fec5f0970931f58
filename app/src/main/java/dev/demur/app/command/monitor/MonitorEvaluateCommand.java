package dev.demur.app.command.monitor;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.monitor.MonitorEvaluation;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.report.check.MonitorReport;
import dev.demur.lab.report.format.TextReport;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur monitor evaluate`.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare a monitor with simpler detectors on prompts it was not trained on.",
      "",
      "The detectors are the perplexity of the prompt, its length, and whether the answer contains"
          + " a refusal phrase.",
      ""
    })
final class MonitorEvaluateCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model it was trained on.")
  private String model = "";

  @Parameters(index = "1", paramLabel = "MONITOR", description = "Monitor file.")
  private Path monitor = Path.of("");

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description =
          "Harmful prompts, with or without suffixes; may be repeated (default for demo: its "
              + "own, plain and with the override suffix).")
  private List<Path> harmful = List.of();

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "Benign prompts (default for demo: its own).")
  private @Nullable Path benign;

  @Option(names = "--json", description = "Print everything as JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  MonitorEvaluateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    boolean demo = DemoModel.named(model).isPresent();
    if (!demo && (harmful.isEmpty() || benign == null)) {
      throw new IllegalArgumentException("name prompts with --harmful and --benign");
    }
    var bad = new ArrayList<PromptSet>();
    for (Path file : harmful.isEmpty() ? demoSets() : harmful) {
      bad.add(PromptReader.usual().read(file));
    }
    var good =
        PromptReader.usual()
            .read(benign == null ? DemoModel.prompts("splits/harmless_test") : benign);
    var trained = Monitor.read(monitor);
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      trained
          .doubt(chat.name(), chat.files().weightsHash())
          .ifPresent(doubt -> terminal.say("warning: " + doubt));
      var result =
          new MonitorEvaluation(trained, chat, new TerminalProgress(terminal)).run(bad, good);
      terminal
          .out()
          .print(json ? PrintedJson.of(result) : TextReport.write(MonitorReport.of(result)));
    }
    return ExitCode.OK;
  }

  private static List<Path> demoSets() throws IOException {
    return List.of(
        DemoModel.prompts("sets/harmful_plain_test"),
        DemoModel.prompts("sets/harmful_override_test"));
  }
}
