package dev.demur.app.command.study;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Invocation;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.cli.Version;
import dev.demur.app.option.CoherenceOptions;
import dev.demur.app.option.ComparisonOptions;
import dev.demur.app.option.DataOptions;
import dev.demur.app.option.JudgeOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.report.format.ReportDifference;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.report.format.StudyManifest;
import dev.demur.lab.run.Machine;
import dev.demur.lab.run.Manifest;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyConfig.Extent;
import dev.demur.lab.study.StudyData;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
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

/// `demur reproduce`.
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Run a study again from its manifest, and say what differs.",
      "",
      "Everything that decides numbers comes from the manifest; model, prompts and judges are named"
          + " here, and must be those of the manifest. The command that a manifest holds is shown"
          + " and never run. Seconds are not compared.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur reproduce runs/model org/model --data refusal-direction --out runs/model-again"
    })
public final class ReproduceCommand implements Callable<Integer> {

  /// Differences printed; all are in the files.
  private static final int SHOWN = 20;

  private final Terminal terminal;
  private final Invocation invocation;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "Run folder of the study, or its manifest.json.")
  private Path run = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Folder, GGUF file, or org/name; of a study of demo, demo.")
  private @Nullable String model;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder of the new study (default: that of the old one and -again).")
  private @Nullable Path out;

  @Option(
      names = "--anyway",
      description = "Run although version, model, template, prompts or judges differ.")
  private boolean anyway;

  @Option(names = "--json", description = "Print what differs as JSON.")
  private boolean json;

  @ArgGroup(exclusive = false, validate = false, heading = "%nPrompts:%n", order = 1)
  private DataOptions data = new DataOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nJudges:%n", order = 2)
  private JudgeOptions judges = new JudgeOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nCoherence:%n", order = 3)
  private CoherenceOptions coherence = new CoherenceOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nComparison:%n", order = 4)
  private ComparisonOptions compared = new ComparisonOptions();

  @Mixin private ModelOptions options = new ModelOptions();

  public ReproduceCommand(Terminal terminal, Invocation invocation) {
    this.terminal = terminal;
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws IOException {
    boolean folder = Files.isDirectory(run);
    var manifest = StudyManifest.read(folder ? RunFolder.at(run).file(RunFolder.MANIFEST) : run);
    if (!manifest.config().sensitivity().models().isEmpty()) {
      throw new IllegalArgumentException(
          run
              + ": the study tried other versions of the model, which a manifest cannot name; run"
              + " its command by hand: "
              + manifest.command());
    }
    String named = model(manifest);
    boolean demo = DemoModel.named(named).isPresent();
    var prompts = data.read(demo ? Optional.of(DemoModel.USUAL) : Optional.empty(), terminal);
    judges.usually(manifest.judges().stream().map(judge -> judge.name()).toList());
    Path again = again();
    try (var seated = judges.open(HumanLabels.none());
        var chat = options.open(named, terminal);
        var store = RunStore.at(again);
        var _ = Scope.open();
        var watch = Interruption.watch(terminal, Interruption.goesOn(again))) {
      require(manifest, chat, prompts, seated.panel());
      var started = Instant.now();
      var job = job(manifest, chat, prompts, seated.panel(), demo);
      var done = job.run(store, watch.counting(new TerminalProgress(terminal)));
      var machine = Machine.here(Torch.threads());
      new StudyFolder(store.folder())
          .write(
              job, done, new Manifest.Origin(Version.tool(), invocation.text(), started, machine));
      tell(
          folder
              ? ReportDifference.of(RunFolder.at(run), store.folder())
              : new ReportDifference(0, List.of()),
          again);
    }
    return ExitCode.OK;
  }

  private String model(StudyManifest manifest) {
    if (model != null) {
      return model;
    }
    if (DemoModel.named(manifest.model().name()).isPresent()) {
      return manifest.model().name();
    }
    throw new IllegalArgumentException(
        "name the model: %s was studied, by \"%s\""
            .formatted(manifest.model().name(), manifest.command()));
  }

  private Path again() {
    if (out != null) {
      return out;
    }
    Path folder = Files.isDirectory(run) ? run : run.toAbsolutePath().getParent();
    Path absolute = (folder == null ? run : folder).toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + "-again");
  }

  private void require(StudyManifest manifest, ChatModel chat, StudyData prompts, Panel panel)
      throws IOException {
    var differences =
        manifest.differences(
            Version.tool(), ModelIdentity.of(chat), prompts, panel.versionsWithPeople());
    for (var difference : differences) {
      terminal
          .err()
          .println(
              "Not as it was: %s was %s, is %s"
                  .formatted(difference.what(), difference.then(), difference.now()));
    }
    if (!differences.isEmpty() && !anyway) {
      throw new IllegalArgumentException(
          "%s: %s not as in the manifest; give the same, or --anyway"
              .formatted(
                  run,
                  String.join(
                      ", ", differences.stream().map(StudyManifest.Difference::what).toList())));
    }
  }

  private Study job(
      StudyManifest manifest, ChatModel chat, StudyData prompts, Panel panel, boolean demo)
      throws IOException {
    boolean suffixed = demo && manifest.config().extent() == Extent.FULL;
    var job =
        Study.of(chat, prompts, manifest.config())
            .judgedBy(panel)
            .measuredOn(coherence.corpora())
            .attackedBy(
                compared.attacks(),
                compared.suffixes(suffixed ? List.of(DemoModel.overrideSuffix()) : List.of()));
    var adapter = compared.adapter();
    return adapter.isPresent()
        ? job.besideAdapter(() -> options.openWith(model(manifest), adapter.get(), terminal))
        : job;
  }

  private void tell(ReportDifference difference, Path again) {
    var out = terminal.out();
    if (json) {
      out.print(difference.json(again));
      return;
    }
    if (difference.values() > 0) { // there was a report to compare with
      print(difference);
    }
    out.println("Report: " + again.resolve(RunFolder.PAGE));
  }

  private void print(ReportDifference difference) {
    var out = terminal.out();
    if (difference.differing().isEmpty()) {
      out.println("All " + difference.values() + " values are the same.");
      return;
    }
    out.println(difference.differing().size() + " of " + difference.values() + " values differ:");
    difference.differing().stream()
        .limit(SHOWN)
        .forEach(
            value ->
                out.println(
                    "  " + value.path() + ": " + value.first() + ", now " + value.second()));
    if (difference.differing().size() > SHOWN) {
      out.println("  and " + (difference.differing().size() - SHOWN) + " more");
    }
  }
}
