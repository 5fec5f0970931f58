package dev.demur.app.command.audit;

import dev.demur.app.cli.Destination;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.cli.Version;
import dev.demur.app.option.DirectionArgument;
import dev.demur.app.option.ThreadOptions;
import dev.demur.lab.diff.CheckpointComparison;
import dev.demur.lab.diff.CheckpointDiffRun;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.report.check.CheckpointDiffReport;
import dev.demur.lab.report.format.SeveralStudies;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur diff`.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Say how two checkpoints, or two runs of the study, differ.",
      "",
      "Checkpoints: which tensors changed, by how much, what share of each change has rank 1, and"
          + " whether what writes to the residual stream changed along one direction. Runs: cosines"
          + " of the directions, selections, refusal rates with paired tests on the prompts both"
          + " asked. Changes are counted from A to B; nothing is run again. demur report A B writes"
          + " the same as a page.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur diff original-model suspicious-model --direction-out changed.safetensors",
      "  demur diff runs/model-bf16 runs/model-q8_0"
    })
public final class DiffCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "Folder, GGUF file, org/name, demo, demo-base or demo-think; or a run folder.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another of the same kind.")
  private String second = "";

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description =
          "Checkpoints: a direction, its file or run folder, to compare with that of the"
              + " changes.")
  private @Nullable Path direction;

  @Option(
      names = "--direction-out",
      paramLabel = "FILE",
      description =
          "Checkpoints: write the direction the changes have in common as a"
              + " direction.safetensors, good for ablation only.")
  private @Nullable Path directionOut;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Checkpoints: tensors to list, the most changed first (default: 20).")
  private int limit = 20;

  @Option(names = "--json", description = "Print everything found as JSON.")
  private boolean json;

  @Mixin private ThreadOptions threads = new ThreadOptions();

  public DiffCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    boolean isRun = isRun(first);
    if (isRun != isRun(second)) {
      throw new IllegalArgumentException(
          "%s is a run folder and %s is not; name two runs or two models"
              .formatted(isRun ? first : second, isRun ? second : first));
    }
    if (directionOut != null) {
      Destination.require(directionOut);
    }
    threads.apply();
    try (var _ = Scope.open()) {
      terminal.out().print(isRun ? runs() : checkpoints());
    }
    return ExitCode.OK;
  }

  private static boolean isRun(String name) throws IOException {
    return DemoModel.named(name).isEmpty() && RunFolder.at(Path.of(name)).isRun();
  }

  private String runs() throws IOException {
    if (direction != null || directionOut != null) {
      throw new IllegalArgumentException(
          "--direction and --direction-out are about checkpoints; runs have directions of their"
              + " own");
    }
    var studies = SeveralStudies.read(List.of(Path.of(first), Path.of(second)));
    return json ? PrintedJson.of(studies.diffs().getFirst()) : TextReport.write(studies.report());
  }

  private String checkpoints() throws IOException {
    try (var one = ModelLocator.ofEnvironment().open(first);
        var two = ModelLocator.ofEnvironment().open(second)) {
      var run = CheckpointComparison.of(one, two, given(one), new TerminalProgress(terminal));
      if (directionOut != null) {
        write(run, one, two, directionOut);
      }
      return json
          ? PrintedJson.of(run.diff())
          : TextReport.write(CheckpointDiffReport.of(run.diff(), limit));
    }
  }

  private Optional<Tensor> given(ModelFiles files) throws IOException {
    return direction == null
        ? Optional.empty()
        : Optional.of(new DirectionArgument(direction).fitting(files).unit());
  }

  private static void write(CheckpointDiffRun run, ModelFiles one, ModelFiles two, Path out)
      throws IOException {
    var common =
        run.direction()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "fewer than two matrices that write to the stream differ, so there is no"
                            + " common direction; leave --direction-out out"));
    var provenance =
        new Provenance(
            two.name() + " minus " + one.name(),
            Provenance.UNKNOWN,
            Provenance.UNKNOWN,
            Version.tool() + " diff (recovered)");
    new RecoveredDirection(common, Writers.of(one).config().nLayers(), provenance).write(out);
  }
}
