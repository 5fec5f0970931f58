package dev.demur.app.command.study;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.paper.Published;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.report.format.SeveralStudies;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.report.paper.AgainstReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.model.tensor.Scope;
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

/// `demur report`.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write the report of a run again, or compare several runs.",
      "",
      "What benchmark, coherence and explain left in a run's folder, in its -explain, or in folders"
          + " named here becomes part of its report. Several studies are laid side by side, with"
          + " paired tests on the prompts they share and cosines of their directions. No model is"
          + " run.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur report runs/model-bf16 runs/model-q8_0 --out runs/bf16-and-q8_0"
    })
public final class ReportCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders.")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for the report (default: the run folder; for several runs, the folder"
              + " comparison).")
  private @Nullable Path out;

  @Option(
      names = "--against",
      paramLabel = "WORK[=MODEL]",
      description =
          "Lay one study beside published values: arditi2024, with their table and section. The"
              + " model is found by its name, or named: arditi2024=\"Gemma 2B\".")
  private @Nullable String against;

  @Mixin private WrittenOptions written = new WrittenOptions();

  public ReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var studies = new ArrayList<Path>();
    var others = new ArrayList<RunFolder>();
    for (Path run : runs) {
      if (isMeasuredOnly(RunFolder.at(run))) {
        others.add(RunFolder.at(run));
      } else {
        studies.add(run);
      }
    }
    Path folder =
        switch (studies.size()) {
          case 0 ->
              throw new IllegalArgumentException(
                  "no study among these folders; name the run folder of one as well");
          case 1 -> one(studies.getFirst(), others);
          default -> several(studies);
        };
    written.say(terminal, folder.resolve(RunFolder.PAGE));
    return ExitCode.OK;
  }

  /// Whether other commands left something in a folder, and no study did.
  private static boolean isMeasuredOnly(RunFolder folder) throws IOException {
    return !folder.has(RunFolder.REPORT)
        && (folder.has(RunFolder.EXPLANATION)
            || folder.has(RunFolder.BENCHMARK)
            || folder.has(RunFolder.COHERENCE));
  }

  private Path one(Path run, List<RunFolder> others) throws IOException {
    Path folder = out == null ? run : out;
    StudyFolder.at(run).writeReports(RunFolder.at(folder), others, published());
    return folder;
  }

  private Optional<AgainstReport> published() {
    if (against == null) {
      return Optional.empty();
    }
    int equals = against.indexOf('=');
    return Optional.of(
        equals < 0
            ? new AgainstReport(Published.named(against), Optional.empty())
            : new AgainstReport(
                Published.named(against.substring(0, equals)),
                Optional.of(against.substring(equals + 1))));
  }

  private Path several(List<Path> studies) throws IOException {
    if (against != null) {
      throw new IllegalArgumentException("--against takes one study; name one run folder");
    }
    Path folder = out == null ? Path.of("comparison") : out;
    try (var _ = Scope.open()) {
      var into = RunFolder.at(folder);
      ReportFiles.write(SeveralStudies.read(studies).report(into, runs), into);
    }
    return folder;
  }
}
