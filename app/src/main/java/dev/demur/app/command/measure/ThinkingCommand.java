package dev.demur.app.command.measure;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.JudgeOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PolicyArgument;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.trial.ThinkingReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.think.ThinkingConfig;
import dev.demur.lab.think.ThinkingGrid;
import dev.demur.lab.think.ThoughtSource;
import dev.demur.lab.trial.Column;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur thinking`.
@Command(
    name = "thinking",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Steer thoughts and answers apart: how much of a refusal is decided in the thought.",
      "",
      "Thoughts are the model's own, none, steered, a filler, or another prompt's; the answer"
          + " behind each is steered or not. docs/thinking.md says how to read it. If it is"
          + " stopped, the same command continues where it stopped.",
      ""
    },
    footer = {"", "Example:", "  demur thinking demo-think --policy \"ablate r\" --vector r=RUN"})
public final class ThinkingCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "MODEL",
      description = "Folder, GGUF file, org/name, or demo-think; it must think in <think> blocks.")
  private String model = "";

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "POLICY",
      description =
          "What is done in steered passes: a file, or a line of the language. A rule for every"
              + " token acts in both passes, on all they read and write; one @thinking or"
              + " @after-thinking on those tokens alone.")
  private String policy = "";

  @Option(
      names = "--vector",
      paramLabel = "NAME=PATH",
      description = "What a name in a line stands for; may be repeated.")
  private Map<String, Path> vectors = new LinkedHashMap<>();

  @Option(
      names = "--thoughts",
      paramLabel = "SOURCE",
      split = ",",
      defaultValue = "own,none,steered,filler,foreign",
      description =
          "Where thoughts come from: own, none, steered, filler, foreign, with commas between"
              + " (default: all).")
  private List<String> thoughts = List.of();

  @Option(
      names = "--filler",
      paramLabel = "TEXT",
      defaultValue = ThinkingConfig.FILLER,
      description = "Words of the filler (default: a sentence that names no leaning).")
  private String filler = ThinkingConfig.FILLER;

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Prompts to refuse (default for demo-think: its own).")
  private @Nullable Path harmful;

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "Prompts to follow (default for demo-think: its own).")
  private @Nullable Path benign;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N prompts of each set.")
  private @Nullable Integer limit;

  @Option(
      names = "--max-thought-tokens",
      paramLabel = "N",
      defaultValue = "192",
      description = "Length at which a thought is cut; it is unfinished then (default: 192).")
  private int thoughtTokens = 192;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Length at which an answer is cut (default: 128).")
  private int answerTokens = 128;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Sequences written together (default: 32).")
  private int batch = 32;

  @Option(
      names = "--controls",
      paramLabel = "N",
      defaultValue = "1",
      description = "Random controls of the policy (default: 1).")
  private int controls = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of the controls (default: 42).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/, the model's name and -thinking).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private JudgeOptions judges = new JudgeOptions();
  @Mixin private ModelOptions options = new ModelOptions();

  public ThinkingCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var config =
        new ThinkingConfig(
            thoughts.stream().map(ThoughtSource::named).toList(),
            thoughtTokens,
            answerTokens,
            batch,
            filler,
            controls,
            seed);
    var sets = sets();
    try (var seated = judges.open(HumanLabels.none());
        var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var read = new PolicyArgument(policy, vectors).readFor(chat, terminal);
      Path folder = out == null ? RunFolder.usual(chat, "-thinking") : out;
      var measured =
          new OpenRun(folder, terminal)
              .withPages(
                  "thinking.json",
                  (store, progress) -> {
                    var result =
                        new ThinkingGrid(chat, read, sets, seated.panel(), config, store, progress)
                            .run();
                    return new Measured(ThinkingReport.of(result), ThinkingReport.json(result));
                  });
      terminal.out().print(json ? measured.json() : TextReport.write(measured.page()));
    }
    return ExitCode.OK;
  }

  private Map<Column, PromptSet> sets() throws IOException {
    return new ColumnSets(model, Optional.ofNullable(limit))
        .read(
            Map.of(
                Column.HARMFUL, Optional.ofNullable(harmful),
                Column.BENIGN, Optional.ofNullable(benign)),
            "--harmful or --benign");
  }
}
