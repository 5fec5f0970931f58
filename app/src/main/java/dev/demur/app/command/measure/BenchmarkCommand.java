package dev.demur.app.command.measure;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.VariantOptions;
import dev.demur.lab.benchmark.BenchmarkResult;
import dev.demur.lab.benchmark.BenchmarkRun;
import dev.demur.lab.benchmark.Categories;
import dev.demur.lab.benchmark.GenerationProbe;
import dev.demur.lab.benchmark.ItemModel;
import dev.demur.lab.benchmark.Preset;
import dev.demur.lab.benchmark.Prompts;
import dev.demur.lab.benchmark.Task;
import dev.demur.lab.benchmark.TaskData;
import dev.demur.lab.benchmark.TaskFiles;
import dev.demur.lab.benchmark.WholeEstimate;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.measure.BenchmarkReport;
import dev.demur.lab.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur benchmark`.
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Measure what a model knows, before and after an intervention.",
      "",
      "Prompts and scores are those of lm-evaluation-harness "
          + Task.HARNESS
          + ", from local files in their published formats. Tasks: mmlu (the data folder),"
          + " arc_easy, arc_challenge, hellaswag, winogrande, truthfulqa_mc1, truthfulqa_mc2,"
          + " gsm8k. If it is stopped, the same command continues where it stopped.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur benchmark MODEL --ablate runs/MODEL --tasks mmlu=data,truthfulqa_mc1=mc_task.json"
    })
public final class BenchmarkCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(
      names = "--tasks",
      required = true,
      split = ",",
      paramLabel = "TASK=PATH",
      description =
          "What to ask, and the file (or MMLU's folder) with its questions; Parquet as on the hub,"
              + " too.")
  private Map<String, Path> tasks = new LinkedHashMap<>();

  @Option(
      names = "--examples",
      split = ",",
      paramLabel = "TASK=FILE",
      description = "The questions that examples are taken from, usually the training part.")
  private Map<String, Path> examples = new LinkedHashMap<>();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Examples of each task as elsewhere: open-llm-leaderboard (ARC 25, HellaSwag 10, MMLU 5,"
              + " WinoGrande 5, GSM8K 5), as in the paper.")
  private @Nullable String preset;

  @Option(
      names = "--few-shot",
      split = ",",
      paramLabel = "[TASK=]K",
      description =
          "Examples before a question, of all tasks or of one (default: the preset's; as in the"
              + " harness 0, gsm8k 5).")
  private List<String> fewShot = List.of();

  @Option(
      names = "--level",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "Level of the intervals; the paper's is 0.99 (default: 0.95).")
  private double level = 0.95;

  @Option(
      names = "--categories",
      paramLabel = "FILE",
      description =
          "TruthfulQA.csv, or a file with the columns question and category: measure TruthfulQA by"
              + " category as well.")
  private @Nullable Path categories;

  @Option(
      names = "--items",
      split = ",",
      paramLabel = "TASK=FILE",
      description =
          "tinyBenchmarks' item model of a task: estimate the whole benchmark from its chosen"
              + " questions. tools/tiny_items.py makes the file.")
  private Map<String, Path> items = new LinkedHashMap<>();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N questions of a task, of each subject of MMLU.")
  private @Nullable Integer limit;

  @Mixin private VariantOptions variants = new VariantOptions();

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "" + GenerationProbe.USUAL_NEW_TOKENS,
      description = "Longest answer of gsm8k (default: 256, the harness').")
  private int maxNewTokens = GenerationProbe.USUAL_NEW_TOKENS;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Answers of gsm8k written together (default: 128, fewer where they are long).")
  private int batch = 128;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/ and the model's name).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  public BenchmarkCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    // Questions come before the model, which takes longer to open.
    var asked = prompts();
    var parts =
        categories == null
            ? Optional.<Categories>empty()
            : Optional.of(Categories.read(categories));
    var models = items(asked);
    var measured =
        new MeasuringRun(options, model, Optional.ofNullable(out), terminal)
            .of(
                RunFolder.BENCHMARK,
                (chat, store, progress) ->
                    measure(
                        asked,
                        parts,
                        models,
                        new BenchmarkRun(
                            chat,
                            variants.on(chat, terminal),
                            store,
                            progress,
                            new BenchmarkRun.Answers(maxNewTokens, batch))));
    terminal.out().print(json ? measured.json() : TextReport.write(measured.page()));
    return ExitCode.OK;
  }

  private Measured measure(
      List<Prompts> asked,
      Optional<Categories> parts,
      Map<Task, ItemModel> models,
      BenchmarkRun run)
      throws IOException {
    var found = run.outcomes(asked);
    var outcomes = parts.isPresent() ? parts.get().beside(asked, found) : found;
    var result =
        BenchmarkResult.of(run.model().name(), level, outcomes)
            .with(run.changed(asked), WholeEstimate.of(found, models));
    return new Measured(BenchmarkReport.of(result), BenchmarkReport.json(result));
  }

  /// @throws IllegalArgumentException if a task is not asked whole
  private Map<Task, ItemModel> items(List<Prompts> asked) throws IOException {
    requireAsked("--items", items.keySet());
    var models = new EnumMap<Task, ItemModel>(Task.class);
    for (var entry : items.entrySet()) {
      var task = Task.named(entry.getKey());
      var model = ItemModel.read(entry.getValue());
      model.requireAsked(
          asked.stream()
              .filter(prompts -> prompts.data().task() == task)
              .mapToInt(prompts -> prompts.data().size())
              .sum());
      models.put(task, model);
    }
    return models;
  }

  private void requireAsked(String option, Set<String> names) {
    for (String name : names) {
      if (!tasks.containsKey(name)) {
        throw new IllegalArgumentException(option + ": " + name + " is not among --tasks");
      }
    }
  }

  private List<Prompts> prompts() throws IOException {
    requireAsked("--examples", examples.keySet());
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("--level must be above 0 and below 1, was " + level);
    }
    var given = Shots.of(fewShot, Optional.ofNullable(preset).map(Preset::named));
    var prompts = new ArrayList<Prompts>();
    for (var entry : tasks.entrySet()) {
      var task = Task.named(entry.getKey());
      int shots = task.shots(given.of(task));
      var pool = Optional.ofNullable(examples.get(entry.getKey()));
      for (var data : TaskFiles.read(task, entry.getValue(), pool)) {
        prompts.add(new Prompts(limited(data), shots));
      }
    }
    return prompts;
  }

  private TaskData limited(TaskData data) {
    if (limit == null) {
      return data;
    }
    if (limit < 1) {
      throw new IllegalArgumentException("--limit must be >= 1, was " + limit);
    }
    return data.first(limit);
  }
}
