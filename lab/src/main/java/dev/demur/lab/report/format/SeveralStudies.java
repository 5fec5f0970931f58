package dev.demur.lab.report.format;

import dev.demur.lab.diff.RunComparison;
import dev.demur.lab.diff.RunComparison.NamedRun;
import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.study.ComparisonReport;
import dev.demur.lab.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finished studies, to be laid side by side. Their tensors belong to the caller's innermost scope.
///
/// @param runs in the order they were named
public record SeveralStudies(List<NamedRun> runs) {

  public SeveralStudies {
    runs = List.copyOf(runs);
  }

  /// Reads the studies of run folders.
  public static SeveralStudies read(List<Path> folders) throws IOException {
    var runs = new ArrayList<NamedRun>();
    for (Path folder : folders) {
      runs.add(new NamedRun(name(folder, folders), StudyFolder.at(folder).read()));
    }
    return new SeveralStudies(runs);
  }

  /// The folder's own name, or its whole path where another run's folder is named the same.
  private static String name(Path run, List<Path> all) {
    long alike = all.stream().filter(other -> last(other).equals(last(run))).count();
    return alike == 1 ? last(run) : run.toString();
  }

  private static String last(Path run) {
    return String.valueOf(run.toAbsolutePath().normalize().getFileName());
  }

  /// What differs from the first run to each other.
  public List<RunDiff> diffs() {
    return runs.stream().skip(1).map(run -> RunComparison.of(runs.getFirst(), run)).toList();
  }

  /// The page, with what other commands measured in the same folders and in others.
  ///
  /// @param into where it goes
  /// @param folders of the studies and of further results
  public Report report(RunFolder into, List<Path> folders) throws IOException {
    var all = folders.stream().map(RunFolder::at).toList();
    return report(new Beside(into).sections(all.getFirst(), all.subList(1, all.size())));
  }

  /// The page.
  public Report report() {
    return report(List.of());
  }

  private Report report(List<Section> beside) {
    return ComparisonReport.of(
        runs.stream()
            .map(run -> new ComparisonReport.NamedRun(run.name(), run.run().result()))
            .toList(),
        diffs(),
        RunComparison.cosines(runs),
        beside);
  }
}
