package dev.demur.app.command.monitor;

import dev.demur.app.cli.Destination;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PromptsArgument;
import dev.demur.app.option.RefusalOptions;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.monitor.MonitorTraining;
import dev.demur.lab.monitor.MonitorTraining.ProbeRow;
import dev.demur.lab.monitor.MonitorTraining.Settings;
import dev.demur.lab.monitor.MonitorTraining.Trained;
import dev.demur.lab.monitor.Probe;
import dev.demur.lab.monitor.TrainingData;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.stats.Interval;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur monitor train`.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train a monitor: two probes, the heads to watch, and a threshold with a bound.",
      "",
      "Sixty percent of the benign prompts are used for the threshold only. A rate of 0.01 at 0.95"
          + " confidence needs at least 299 of these.",
      ""
    })
final class MonitorTrainCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Prompts that should raise an alarm (default for demo: its own).")
  private @Nullable Path harmful;

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "Prompts that should not raise an alarm (default for demo: its own).")
  private @Nullable Path benign;

  @Option(
      names = "--answered",
      paramLabel = "FILE",
      description =
          "Harmful prompts that the model answers, for example with a suffix, so that the"
              + " refusal probe learns the difference.")
  private @Nullable Path answered;

  @Option(
      names = "--rate",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description = "Largest false-positive rate accepted (default: ${DEFAULT-VALUE}).")
  private double rate = 0.01;

  @Option(
      names = "--confidence",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "Probability that the rate is no larger (default: ${DEFAULT-VALUE}).")
  private double confidence = 0.95;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of the split (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "monitor.json",
      description = "Monitor to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("monitor.json");

  @Mixin private RefusalOptions refusal = new RefusalOptions();

  @Mixin private ModelOptions options = new ModelOptions();

  @Mixin private WrittenOptions written = new WrittenOptions();

  MonitorTrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Destination.require(out);
    boolean demo = DemoModel.named(model).isPresent();
    var data =
        new TrainingData(
            PromptsArgument.read(harmful, "--harmful", "splits/harmful_train", demo),
            PromptsArgument.read(benign, "--benign", "splits/harmless_train", demo),
            answered == null ? List.of() : PromptReader.usual().read(answered).instructions());
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var training =
          new MonitorTraining(
              chat,
              refusal.direction("a monitor", chat, terminal),
              refusal.tokens("a monitor", chat),
              new Settings(rate, confidence, seed));
      var trained = training.train(data, new TerminalProgress(terminal));
      trained.monitor().write(out);
      written.say(terminal, out, text(trained), facts(trained));
    }
    return ExitCode.OK;
  }

  private String text(Trained trained) {
    var text = new Formatter(Locale.ROOT);
    var monitor = trained.monitor();
    text.format(
        "%s: %d harmful prompts (%d refused), %d benign.%n",
        monitor.model(), trained.harmful(), trained.refused(), trained.benign());
    line(text, "harmfulness", monitor.harmfulness(), trained);
    line(text, "refusal", monitor.refusal(), trained);
    var bound = monitor.bound();
    text.format(
        Locale.ROOT,
        "  threshold    %d of %d held-out benign prompts above it: at most %s false positives with"
            + " %s confidence%n",
        bound.allowed(),
        bound.n(),
        percent(bound.rate()),
        percent(bound.confidence()));
    return text.format("%nMonitor: %s", out).toString();
  }

  private static Map<String, Object> facts(Trained trained) {
    var monitor = trained.monitor();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("model", monitor.model());
    facts.put("harmful_prompts", trained.harmful());
    facts.put("refused", trained.refused());
    facts.put("benign_prompts", trained.benign());
    facts.put("bound", monitor.bound());
    facts.put("probes", trained.probes());
    return facts;
  }

  private static void line(Formatter text, String what, Probe probe, Trained trained) {
    var row =
        trained.probes().stream()
            .filter(r -> r.what().equals(what))
            .filter(r -> r.layer() == probe.layer() && r.method() == probe.method())
            .map(ProbeRow::auroc)
            .findFirst()
            .orElseThrow();
    var interval = row.newcombe(Interval.USUAL_LEVEL);
    text.format(
        "  %-12s layer %d, %s, AUROC %.3f (%.3f to %.3f) on %d + %d prompts it was chosen on%n",
        what,
        probe.layer(),
        probe.method().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        row.value(),
        interval.low(),
        interval.high(),
        row.positives(),
        row.negatives());
  }

  private static String percent(double share) {
    return Numbers.chosenShare(share).replace('\u00a0', ' ');
  }
}
