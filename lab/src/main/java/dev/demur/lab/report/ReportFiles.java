package dev.demur.lab.report;

import dev.demur.lab.run.Readers;
import dev.demur.lab.run.WholeFile;
import dev.demur.lab.study.StudyResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Everything a run folder holds for readers.
public final class ReportFiles {

  private ReportFiles() {}

  /// Writes `report.html`, `report.md`, `report.json`, `tables/*.csv` and, when candidates were
  /// scored, `direction_evaluations.json` and `direction_evaluations_filtered.json`. Each file is
  /// whole or not there, and readable by its owner only where examples are in it.
  ///
  /// @param examples prompts and completions to show; empty unless they were asked for
  /// @param runFolder is made when it is not there
  /// @return what was written
  public static List<Path> write(StudyResult study, List<Example> examples, Path runFolder)
      throws IOException {
    var report = StudyReport.of(study, examples);
    SequencedMap<String, String> files = texts(report);
    files.put("report.json", JsonReport.write(study));
    study
        .selection()
        .ifPresent(
            selection -> {
              files.put("direction_evaluations.json", DirectionEvaluations.all(selection));
              files.put(
                  "direction_evaluations_filtered.json", DirectionEvaluations.filtered(selection));
            });
    return write(files, runFolder, examples.isEmpty() ? Readers.AS_USUAL : Readers.OWNER);
  }

  /// Writes `report.html`, `report.md` and `tables/*.csv` of any report.
  ///
  /// @return what was written
  public static List<Path> write(Report report, Path folder) throws IOException {
    return write(texts(report), folder, Readers.AS_USUAL);
  }

  private static SequencedMap<String, String> texts(Report report) {
    var files = new LinkedHashMap<String, String>();
    files.put("report.html", HtmlReport.write(report));
    files.put("report.md", MarkdownReport.write(report));
    for (var table : report.tables()) {
      files.put("tables/" + table.id() + ".csv", CsvTable.write(table));
    }
    return files;
  }

  private static List<Path> write(SequencedMap<String, String> files, Path folder, Readers readers)
      throws IOException {
    Files.createDirectories(folder.resolve("tables"));
    for (var entry : files.entrySet()) {
      WholeFile.write(
          folder.resolve(entry.getKey()),
          entry.getValue().getBytes(StandardCharsets.UTF_8),
          readers);
    }
    return files.sequencedKeySet().stream().map(folder::resolve).toList();
  }
}
