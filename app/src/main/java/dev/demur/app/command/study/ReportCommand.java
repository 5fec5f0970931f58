package dev.demur.app.command.study;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.report.ComparisonReport;
import dev.demur.lab.report.ComparisonReport.NamedRun;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "Numbers come from each run's report.json; nothing is computed. Completions that"
          + " --keep-completions put into a report are not put into the new one.",
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

  @Mixin private WrittenOptions written = new WrittenOptions();

  public ReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = runs.size() == 1 ? one(runs.getFirst()) : several();
    written.say(terminal, folder.resolve(RunFolder.PAGE));
    return ExitCode.OK;
  }

  private Path one(Path run) throws IOException {
    Path folder = out == null ? run : out;
    StudyFolder.at(run).writeReports(RunFolder.at(folder));
    return folder;
  }

  private Path several() throws IOException {
    var named = new ArrayList<NamedRun>();
    for (Path run : runs) {
      named.add(new NamedRun(name(run), StudyFolder.at(run).result()));
    }
    Path folder = out == null ? Path.of("comparison") : out;
    ReportFiles.write(ComparisonReport.of(named), RunFolder.at(folder));
    return folder;
  }

  /// The folder's own name, or its whole path where another run's folder is named the same.
  private String name(Path run) {
    long alike = runs.stream().filter(other -> last(other).equals(last(run))).count();
    return alike == 1 ? last(run) : run.toString();
  }

  private static String last(Path run) {
    return String.valueOf(run.toAbsolutePath().normalize().getFileName());
  }
}
