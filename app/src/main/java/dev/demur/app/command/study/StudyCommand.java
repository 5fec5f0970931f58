package dev.demur.app.command.study;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Invocation;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Detail;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.cli.Version;
import dev.demur.app.option.CoherenceOptions;
import dev.demur.app.option.ComparisonOptions;
import dev.demur.app.option.DataOptions;
import dev.demur.app.option.JudgeOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.StudyOptions;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.profile.StudyProfile;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.measure.SpeedReport;
import dev.demur.lab.report.study.StudySummary;
import dev.demur.lab.run.Machine;
import dev.demur.lab.run.Manifest;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Workers;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur study`.
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Find the direction along which a model refuses, and show what it does.",
      "",
      "Writes a run folder with a report. If it is stopped, the same command continues where it"
          + " stopped. Prompts that show the behaviour are called harmful, others harmless.",
      ""
    })
public final class StudyCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Invocation invocation;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      defaultValue = DemoModel.USUAL,
      description = "Folder, GGUF file, org/name, or demo, the embedded model (default: demo).")
  private String model = DemoModel.USUAL;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/ and the model's name).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Option(
      names = "--profile",
      description =
          "Say where the time went and what this machine can do; also write profile.json.")
  private boolean profile;

  @ArgGroup(exclusive = false, validate = false, heading = "%nPrompts:%n", order = 1)
  private DataOptions data = new DataOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nThe study:%n", order = 2)
  private StudyOptions study = new StudyOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nJudges:%n", order = 3)
  private JudgeOptions judges = new JudgeOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nCoherence:%n", order = 4)
  private CoherenceOptions coherence = new CoherenceOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nComparison:%n", order = 5)
  private ComparisonOptions compared = new ComparisonOptions();

  @Mixin private ModelOptions options = new ModelOptions();

  public StudyCommand(Terminal terminal, Invocation invocation) {
    this.terminal = terminal;
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws IOException {
    var started = Instant.now();
    boolean demo = DemoModel.named(model).isPresent();
    if (demo) {
      study.shortenForDemo();
    }
    if (study.isAsPaper()) {
      judges.paperFirst();
    }
    study.check();
    // Prompts come before the model, which takes longer to open.
    var prompts = data.read(demo ? Optional.of(DemoModel.USUAL) : Optional.empty(), terminal);
    var corpora = coherence.corpora();
    var attacks = compared.attacks();
    var adapter = compared.adapter();
    var suffixes =
        compared.suffixes(demo && study.isFull() ? List.of(DemoModel.overrideSuffix()) : List.of());
    try (var seated = judges.open(study.people());
        var chat = options.open(model, terminal)) {
      var config = study.config(chat.config().family(), chat.tokenizer());
      Path folder = out != null ? out : RunFolder.usual(chat, "");
      try (var store = RunStore.at(folder);
          var _ = Scope.open();
          var watch = Interruption.watch(terminal, Interruption.goesOn(folder))) {
        var alone =
            Study.of(chat, prompts, config)
                .judgedBy(seated.panel())
                .measuredOn(corpora)
                .attackedBy(attacks, suffixes)
                .withVersions(study.grid().versions(model));
        var job =
            adapter
                .map(path -> alone.besideAdapter(() -> options.openWith(model, path, terminal)))
                .orElse(alone);
        seated.announce(terminal, () -> longest(job, config));
        var progress = watch.counting(new TerminalProgress(terminal));
        StudyRun run;
        try (var _ = workers(demo)) {
          run = job.run(store, progress);
        }
        var origin =
            new Manifest.Origin(
                Version.tool(), invocation.text(), started, Machine.here(Torch.threads()));
        var spent =
            profile ? Optional.of(profile(chat, run, config)) : Optional.<StudyProfile>empty();
        new StudyFolder(store.folder()).write(job, run, origin, spent);
        spent.ifPresent(p -> terminal.err().print(TextReport.write(SpeedReport.of(p))));
        Optional<Path> page = Optional.empty();
        var explained = explanation();
        if (explained.isPresent()) {
          try (var _ = workers(demo)) {
            page = explained.get().write(chat, prompts, run, folder, progress);
          }
        }
        if (json) {
          terminal.out().print(StudySummary.json(run.result(), folder));
        } else {
          print(run.result(), folder);
          page.ifPresent(path -> terminal.out().println("Explanation: " + path));
          next(run.direction().isPresent(), folder);
        }
      }
    }
    return ExitCode.OK;
  }

  /// The demo model is small.
  private static Workers workers(boolean demo) {
    return demo ? Workers.hire() : Workers.none();
  }

  /// The demo's is short, so it always comes; others when everything is asked for.
  private Optional<StudyExplanation> explanation() {
    if (DemoModel.named(model).isPresent()) {
      return Optional.of(StudyExplanation.DEMO);
    }
    return study.isFull() ? Optional.of(StudyExplanation.SETS) : Optional.empty();
  }

  private void print(StudyResult result, Path folder) {
    terminal.out().print(TextReport.write(StudySummary.of(result)));
    if (result.evaluation().unfinished() > 0) {
      terminal.out().println("  Allow longer completions with --max-new-tokens.");
    }
    terminal.out().println("\nReport: " + folder.resolve(RunFolder.PAGE));
  }

  /// What somebody may want to do with the result.
  private void next(boolean found, Path folder) {
    if (terminal.detail() == Detail.ALARMS) {
      return;
    }
    if (!found) {
      terminal
          .out()
          .println(
              "\n"
                  + "Next: the report's section Screen says what the model refused; try other"
                  + " prompts.");
      return;
    }
    String given = Invocation.of(model).arguments() + " ";
    String run = Invocation.of(folder.toString()).arguments();
    terminal
        .out()
        .print(
            """

            Next: open the report in a browser, or
              talk to the model without the direction (/compare shows both):
                demur chat %1$s--ablate %2$s
              see why one prompt is refused:
                demur explain %1$s--direction %2$s -p PROMPT
              write the change into the weights:
                demur edit %1$s--direction %2$s --out FOLDER
            """
                .formatted(given, run));
  }

  /// Completions of the greatest length the study may make: what judging them costs is an upper
  /// bound.
  private static List<Completion> longest(Study job, StudyConfig config) {
    String text = "word ".repeat(config.evaluation().maxNewTokens());
    return job.instructions().stream().map(i -> Completion.of(i, text)).toList();
  }

  private static StudyProfile profile(ChatModel chat, StudyRun run, StudyConfig config)
      throws IOException {
    return StudyProfile.of(chat, run.result().timings(), config.evaluation().batchSize());
  }
}
