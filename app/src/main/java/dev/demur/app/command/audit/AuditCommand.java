package dev.demur.app.command.audit;

import dev.demur.app.cli.Destination;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.cli.Version;
import dev.demur.app.option.BehaviourOptions;
import dev.demur.app.option.DirectionArgument;
import dev.demur.app.option.ThreadOptions;
import dev.demur.lab.audit.AuditRun;
import dev.demur.lab.audit.CheckpointAudit;
import dev.demur.lab.audit.ParentComparison;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.behaviour.AuditFindings;
import dev.demur.lab.behaviour.BehaviourAudit;
import dev.demur.lab.behaviour.BehaviourRun;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.report.check.AuditReport;
import dev.demur.lab.report.format.TextReport;
import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur audit`.
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Find out whether a direction was removed from a checkpoint's weights.",
      "",
      "Looks for a direction that the matrices writing to the residual stream all lack, and says"
          + " how likely a clean checkpoint shows the same. docs/audit.md says what it can and"
          + " cannot see.",
      "",
      "Reads weights only, unless prompts are named: then the model also answers some of them.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur audit suspicious-model --fail-on edited",
      "  demur audit suspicious-model --parent original-model --data DIR --restore"
    })
public final class AuditCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "Folder, GGUF file, org/name, demo, demo-base or demo-think.")
  private String checkpoint = "";

  @Option(
      names = "--parent",
      paramLabel = "PARENT",
      description = "The checkpoint this one was made of: also compare the two, tensor by tensor.")
  private @Nullable String parent;

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description =
          "The parent's direction, a file or run folder, to compare with the direction" + " found.")
  private @Nullable Path direction;

  @Option(
      names = "--direction-out",
      paramLabel = "FILE",
      description =
          "Write the most isolated direction as a direction.safetensors, whatever the verdict. Its "
              + "sign, length, layer and position are not known: it is good for ablation only.")
  private @Nullable Path directionOut;

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      description = "Exit with 3 when the verdict is this one or a worse one: suspect, edited.")
  private @Nullable Verdict failOn;

  @ArgGroup(exclusive = false, validate = false, heading = "%nBehaviour:%n", order = 1)
  private BehaviourOptions behaviour = new BehaviourOptions();

  @Option(names = "--json", description = "Print everything found as JSON.")
  private boolean json;

  @Mixin private ThreadOptions threads = new ThreadOptions();

  public AuditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (failOn == Verdict.CLEAN) {
      throw new IllegalArgumentException("--fail-on must be suspect or edited, was clean");
    }
    if (directionOut != null) {
      Destination.require(directionOut);
    }
    threads.apply();
    var original = Optional.ofNullable(parent);
    var progress = new TerminalProgress(terminal);
    var answering =
        behaviour.areGiven(original)
            ? Optional.of(behaviour.audit(progress, terminal))
            : Optional.<BehaviourAudit>empty();
    try (var _ = Scope.open();
        var files = ModelLocator.ofEnvironment().open(checkpoint)) {
      var known = known(files);
      var run = CheckpointAudit.of(files, progress);
      var observed =
          answering.isPresent()
              ? Optional.of(behaviour.run(answering.get(), checkpoint, original, known))
              : Optional.<BehaviourRun>empty();
      // Without one that is given, the parent's own direction is what changes are held against.
      var direction = known.or(() -> observed.flatMap(BehaviourRun::direction));
      var compared = compare(files, direction.map(Direction::unit), progress);
      if (directionOut != null) {
        write(run, files, directionOut);
      }
      var cosine =
          direction.flatMap(d -> run.directions().map(found -> found.dotRows(d.unit()).norm()));
      var found = new AuditFindings(run.result(), cosine, compared, observed);
      terminal.out().print(json ? json(found) : TextReport.write(AuditReport.of(found)));
      boolean met = failOn != null && found.verdict().atLeast(failOn);
      return met ? ExitCode.CONDITION_MET : ExitCode.OK;
    }
  }

  /// For programs: everything found, in snake case.
  private static String json(AuditFindings found) {
    var all = new LinkedHashMap<String, Object>();
    all.put("verdict", found.verdict());
    all.put("false_alarm_probability", found.weights().falseAlarmProbability());
    all.put("cosine_with_given", found.cosine());
    all.put("audit", found.weights());
    all.put("parent", found.parent());
    all.put("behaviour", found.observed().map(BehaviourRun::behaviour));
    all.put("direction_lost", found.lost());
    all.put("restored", found.observed().map(BehaviourRun::restored).orElse(List.of()));
    return PrintedJson.of(all);
  }

  /// The direction given, checked against the checkpoint.
  private Optional<Direction> known(ModelFiles files) throws IOException {
    if (direction == null) {
      return Optional.empty();
    }
    return Optional.of(new DirectionArgument(direction).fitting(files));
  }

  private Optional<ParentResult> compare(
      ModelFiles files, Optional<Tensor> known, TerminalProgress progress) throws IOException {
    if (parent == null) {
      return Optional.empty();
    }
    try (var source = ModelLocator.ofEnvironment().open(parent)) {
      return Optional.of(ParentComparison.of(files, source, known, progress));
    }
  }

  private static void write(AuditRun run, ModelFiles files, Path out) throws IOException {
    Tensor directions =
        run.directions()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the stream is too narrow to look for a direction; leave --direction-out"
                            + " out"));
    var provenance =
        new Provenance(
            files.name(),
            files.weightsHash(),
            Provenance.UNKNOWN,
            Version.tool() + " audit (recovered)");
    new RecoveredDirection(directions.row(0), run.result().model().nLayers(), provenance)
        .write(out);
  }
}
