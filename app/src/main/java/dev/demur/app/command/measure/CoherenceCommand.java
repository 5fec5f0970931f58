package dev.demur.app.command.measure;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.VariantOptions;
import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.WrittenAnswers;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.study.CoherenceReport;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.MeasureCoherence;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur coherence`.
@Command(
    name = "coherence",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Measure what an intervention costs: cross-entropy on text, before and after.",
      "",
      "Tokens are counted as in the released code of Arditi et al. 2024. If it is stopped, the same"
          + " command continues where it stopped.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur coherence MODEL --ablate runs/MODEL --add runs/MODEL --text pile.jsonl \\",
      "    --on-distribution harmless_test.json"
    })
public final class CoherenceCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "Texts: JSON Lines with a text each (the Pile's format), or a text a line.")
  private @Nullable Path text;

  @Option(
      names = "--instructions",
      paramLabel = "FILE",
      description =
          "Instructions with completions; only the completion counts: Alpaca's JSON, or"
              + " prompt and response. Rows with an input are left out.")
  private @Nullable Path instructions;

  @Option(
      names = "--on-distribution",
      paramLabel = "FILE",
      description =
          "Prompts the unedited model answers first; the answers are scored, and the KL divergence"
              + " along them.")
  private @Nullable Path onDistribution;

  @Mixin private VariantOptions variants = new VariantOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "4096",
      description = "At most this many of each file, drawn by the seed (default: 4096).")
  private int limit = 4096;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "A text of --text is cut after this many tokens (default: 256).")
  private int maxTokens = 256;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "512",
      description = "Longest answer of --on-distribution (default: 512).")
  private int maxNewTokens = 512;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Answers written together (default: 128, fewer where they are long).")
  private int batch = 128;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of the draws and of the intervals (default: 42).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/ and the model's name).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  public CoherenceCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (text == null && instructions == null && onDistribution == null) {
      throw new IllegalArgumentException(
          "nothing to measure; give --text, --instructions or --on-distribution");
    }
    var measured =
        new MeasuringRun(options, model, Optional.ofNullable(out), terminal)
            .of(RunFolder.COHERENCE, this::measure);
    terminal.out().print(json ? measured.json() : TextReport.write(measured.page()));
    return ExitCode.OK;
  }

  private Measured measure(ChatModel chat, RunStore store, Progress progress) throws IOException {
    var run =
        new MeasureCoherence(
            chat,
            chat.prompts(),
            variants.onText(chat, terminal),
            store,
            progress,
            new MeasureCoherence.Settings(limit, maxTokens, maxNewTokens, batch, seed),
            new WrittenAnswers());
    var corpora = measure(run);
    return new Measured(
        CoherenceReport.of(chat.name(), corpora), CoherenceReport.json(chat.name(), corpora));
  }

  private List<Coherence> measure(MeasureCoherence run) throws IOException {
    var measured = new ArrayList<Coherence>();
    if (text != null) {
      measured.add(run.texts(text));
    }
    if (instructions != null) {
      measured.add(run.exchanges(instructions));
    }
    if (onDistribution != null) {
      var prompts = PromptReader.usual().read(onDistribution);
      measured.add(
          run.own(prompts, limit)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          prompts.name()
                              + ": the model answers every prompt with nothing, so there is nothing"
                              + " to score; give other prompts")));
    }
    return measured;
  }
}
