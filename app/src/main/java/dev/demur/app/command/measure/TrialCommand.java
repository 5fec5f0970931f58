package dev.demur.app.command.measure;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Version;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.JudgeOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PolicyArgument;
import dev.demur.app.option.SystemOptions;
import dev.demur.lab.benchmark.Prompts;
import dev.demur.lab.benchmark.Task;
import dev.demur.lab.benchmark.TaskFiles;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.trial.TrialReport;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.Prompting;
import dev.demur.lab.trial.AlarmingWords;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.Decoder;
import dev.demur.lab.trial.Systems;
import dev.demur.lab.trial.Trial;
import dev.demur.lab.trial.TrialConfig;
import dev.demur.lab.trial.TrialRow;
import dev.demur.lab.trial.Weights;
import dev.demur.lab.trial.Wrap;
import dev.demur.model.ChatModel;
import dev.demur.model.local.RegularFile;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/// `demur trial`.
@Command(
    name = "trial",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Pit policies, prompt wrappers and decoders against each other on the same prompts.",
      "",
      "Every row is compared with the unedited model, prompt by prompt, and gets a verdict: a"
          + " repair, a defence, neither. Every policy has a random control of equal dose, and"
          + " every defence is attacked again. docs/trials.md says how to read it. If it is"
          + " stopped, the same command continues where it stopped.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur trial demo --every-system",
      "  demur trial demo --policy surgical.safetensors --policy \"add 0.5 r\" --vector r=RUN \\",
      "      --wrap intent"
    })
public final class TrialCommand implements Callable<Integer> {

  private static final int USUAL_TOKENS = 128;

  /// The demo's answers end within them.
  private static final int DEMO_TOKENS = 40;

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "A policy to try: a file, or a line of the language; may be repeated.")
  private List<String> policies = List.of();

  @Option(
      names = "--vector",
      paramLabel = "NAME=PATH",
      description = "What a name in a line stands for; may be repeated.")
  private Map<String, Path> vectors = new LinkedHashMap<>();

  @Option(
      names = "--wrap",
      paramLabel = "WRAPPER",
      description =
          "Text to put around every instruction: intent, reverse, refusals, safety,"
              + " neutral (a control), or a file with {prompt} in it; may be repeated.")
  private List<String> wraps = List.of();

  @Option(
      names = "--decoder",
      paramLabel = "DECODER",
      description =
          "self-cd, self-cd:RATIO or self-cd:RATIO:WRAPPER: contrast with a text that stresses"
              + " safety (default: 2.5, safety); may be repeated.")
  private List<String> decoders = List.of();

  @Option(
      names = "--beside-adapter",
      paramLabel = "[NAME=]DIR",
      description =
          "A row of its own: the model with this PEFT adapter; may be repeated. (--adapter is about"
              + " the model of all rows.)")
  private List<String> adapters = List.of();

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Prompts to refuse (default for demo: its own).")
  private @Nullable Path harmful;

  @Option(
      names = "--suffixed",
      paramLabel = "FILE",
      description = "Prompts to refuse, with a jailbreak (default for demo: its own).")
  private @Nullable Path suffixed;

  @Option(
      names = "--pseudo",
      paramLabel = "FILE",
      description = "Prompts to follow that sound harmful (default for demo: its own).")
  private @Nullable Path pseudo;

  @Option(
      names = "--benign",
      paramLabel = "FILE",
      description = "Prompts to follow (default for demo: its own).")
  private @Nullable Path benign;

  @Option(
      names = "--alarming",
      paramLabel = "FILE",
      description =
          "Words that sound harmful, one a line, whose share of the attention is measured in rows"
              + " that change no stream (default: words of the harmful prompts that the benign ones"
              + " have not).")
  private @Nullable Path alarming;

  @Option(
      names = "--ask",
      split = ",",
      paramLabel = "TASK=PATH",
      description =
          "Benchmarks to ask rows that change the model and not the prompt, with the file (or"
              + " MMLU's folder) of their questions, as demur benchmark takes them.")
  private Map<String, Path> tasks = new LinkedHashMap<>();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N prompts of each set, and questions of each benchmark.")
  private @Nullable Integer limit;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Length at which an answer is cut (default: 128; 40 for demo).")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Answers written together (default: 128, fewer where they are long).")
  private int batch = 128;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description = "By how much a share may get worse before it counts (default: 0.05).")
  private double margin = 0.05;

  @Option(
      names = "--controls",
      paramLabel = "N",
      defaultValue = "1",
      description = "Random controls of each policy (default: 1).")
  private int controls = 1;

  @Option(
      names = "--attack",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Most directions to ablate from a defence; 0 leaves attacks out (default: 8). One takes a"
              + " pass over 16 prompts for each candidate place.")
  private int attack = 8;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of the controls (default: 42).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/, the model's name and -trial).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private SystemOptions every = new SystemOptions();
  @Mixin private JudgeOptions judges = new JudgeOptions();
  @Mixin private ModelOptions options = new ModelOptions();

  public TrialCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var sets = sets();
    var config = new TrialConfig(length(), batch, margin, controls, seed, attack);
    var asked = asked();
    var wrappers = new ArrayList<TrialRow>();
    for (String wrap : wraps) {
      wrappers.add(TrialRow.of(wrap(wrap)));
    }
    for (String decoder : decoders) {
      wrappers.add(TrialRow.of(decoder, decoder(decoder)));
    }
    if (policies.isEmpty() && wrappers.isEmpty() && adapters.isEmpty() && !every.isEvery()) {
      throw new IllegalArgumentException(
          "nothing to try; name a --policy, --wrap, --decoder or --beside-adapter, or"
              + " --every-system");
    }
    try (var seated = judges.open(HumanLabels.none());
        var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var rows = new ArrayList<TrialRow>();
      for (String policy : policies) {
        var read = new PolicyArgument(policy, vectors).readFor(chat, terminal);
        rows.add(TrialRow.of(name(policy), read));
      }
      rows.addAll(wrappers);
      for (String adapter : adapters) {
        rows.add(adapted(adapter));
      }
      var panel = seated.panel();
      var measured = measured(rows, new Asked(chat, sets, asked, alarming(sets), panel, config));
      terminal.out().print(json ? measured.json() : TextReport.write(measured.page()));
    }
    return ExitCode.OK;
  }

  /// What is asked of whom.
  private record Asked(
      ChatModel chat,
      Map<Column, PromptSet> sets,
      List<Prompts> benchmarks,
      AlarmingWords alarming,
      Panel panel,
      TrialConfig config) {

    Trial trial(RunStore store, Progress progress) {
      return new Trial(chat, sets, benchmarks, alarming, panel, config, store, progress);
    }
  }

  private Measured measured(List<TrialRow> rows, Asked asked) throws IOException {
    return new OpenRun(folder(asked.chat()), terminal)
        .withPages(
            "trial.json",
            (store, progress) -> {
              var all = new ArrayList<>(everySystem(asked, store, progress));
              all.addAll(rows);
              var result = asked.trial(store, progress).run(all);
              return new Measured(TrialReport.of(result), TrialReport.json(result));
            });
  }

  private List<TrialRow> everySystem(Asked asked, RunStore store, Progress progress)
      throws IOException {
    if (!every.isEvery()) {
      return List.of();
    }
    boolean demo = DemoModel.named(model).isPresent();
    var chat = Prompting.usual().answeringAtOnce(asked.chat());
    var prompts = every.prompts(demo);
    var tokens = every.tokens(chat, prompts, demo);
    var made = Version.provenance(chat);
    var systems = new Systems(chat, prompts, tokens, made, store, progress);
    var instructions =
        asked.sets().values().stream().flatMap(set -> set.instructions().stream()).toList();
    var length = new EverySystem.Asked(instructions, asked.config().maxNewTokens());
    var given = every.direction(chat, terminal);
    return new EverySystem(model, systems, given, length, options, terminal).rows();
  }

  private int length() {
    int usual = DemoModel.named(model).isPresent() ? DEMO_TOKENS : USUAL_TOKENS;
    return maxNewTokens == null ? usual : maxNewTokens;
  }

  /// The model with an adapter, opened once its row is run.
  private TrialRow adapted(String named) {
    int equals = named.indexOf('=');
    Path adapter = Path.of(named.substring(equals + 1));
    if (!Files.isDirectory(adapter)) {
      throw new IllegalArgumentException(
          "--beside-adapter: " + adapter + " is no folder; name one with adapter_config.json");
    }
    String name = equals < 0 ? String.valueOf(adapter.getFileName()) : named.substring(0, equals);
    return TrialRow.of(name, Weights.of(() -> options.openWith(model, adapter, terminal)));
  }

  /// Benchmarks with as many examples as they usually have.
  private List<Prompts> asked() throws IOException {
    var asked = new ArrayList<Prompts>();
    for (var entry : tasks.entrySet()) {
      var task = Task.named(entry.getKey());
      for (var data : TaskFiles.read(task, entry.getValue(), Optional.empty())) {
        asked.add(new Prompts(limit == null ? data : data.first(limit), task.usualShots()));
      }
    }
    return asked;
  }

  private AlarmingWords alarming(Map<Column, PromptSet> sets) throws IOException {
    if (alarming != null) {
      return new AlarmingWords(
          Set.copyOf(RegularFile.text(alarming).lines().map(String::strip).toList()));
    }
    return AlarmingWords.between(sets);
  }

  private Path folder(ChatModel chat) {
    return out == null ? RunFolder.usual(chat, "-trial") : out;
  }

  /// A file's name without its ending, or the line.
  private static String name(String policy) {
    return PolicyArgument.file(policy)
        .map(file -> String.valueOf(file.getFileName()).replaceFirst("\\.safetensors$", ""))
        .orElse(policy);
  }

  private static Wrap wrap(String name) throws IOException {
    return Wrap.BUILT_IN.contains(name) ? Wrap.builtIn(name) : Wrap.read(Path.of(name));
  }

  private static Decoder decoder(String text) throws IOException {
    String[] parts = text.split(":", 3);
    if (!parts[0].equals("self-cd")) {
      throw new IllegalArgumentException(
          "--decoder must be self-cd, self-cd:RATIO or self-cd:RATIO:WRAPPER, was " + text);
    }
    try {
      double ratio = parts.length > 1 ? Double.parseDouble(parts[1]) : 2.5;
      return new Decoder.SelfContrast(ratio, wrap(parts.length > 2 ? parts[2] : "safety"));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--decoder: \"" + parts[1] + "\" is no ratio", e);
    }
  }

  private Map<Column, PromptSet> sets() throws IOException {
    return new ColumnSets(model, Optional.ofNullable(limit))
        .read(
            Map.of(
                Column.HARMFUL, Optional.ofNullable(harmful),
                Column.SUFFIXED, Optional.ofNullable(suffixed),
                Column.PSEUDO, Optional.ofNullable(pseudo),
                Column.BENIGN, Optional.ofNullable(benign)),
            "--harmful, --suffixed, --pseudo or --benign");
  }
}
