package dev.demur.lab.report.format;

import dev.demur.lab.report.Example;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.paper.PaperSections;
import dev.demur.lab.report.study.DirectionEvaluations;
import dev.demur.lab.report.study.StudyReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.StudyResult;
import dev.demur.model.local.Readers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  /// @param folder is made when it is not there
  /// @return what was written
  public static List<Path> write(StudyResult study, List<Example> examples, RunFolder folder)
      throws IOException {
    return write(study, examples, List.of(), folder);
  }

  /// The same with more sections.
  ///
  /// @param beside what else was measured of the model and its direction
  static List<Path> write(
      StudyResult study, List<Example> examples, List<Section> beside, RunFolder folder)
      throws IOException {
    var sections = new ArrayList<>(PaperSections.of(study));
    sections.addAll(beside);
    var report = StudyReport.of(study, examples, sections);
    SequencedMap<String, String> files = texts(report);
    files.put(RunFolder.REPORT, JsonReport.write(study));
    study
        .selection()
        .ifPresent(
            selection -> {
              files.put("direction_evaluations.json", DirectionEvaluations.all(selection));
              files.put(
                  "direction_evaluations_filtered.json", DirectionEvaluations.filtered(selection));
            });
    return write(files, folder, examples.isEmpty() ? Readers.AS_USUAL : Readers.OWNER);
  }

  /// Writes `report.html`, `report.md` and `tables/*.csv` of any report.
  ///
  /// @return what was written
  public static List<Path> write(Report report, RunFolder folder) throws IOException {
    return write(texts(report), folder, Readers.AS_USUAL);
  }

  private static SequencedMap<String, String> texts(Report report) {
    var files = new LinkedHashMap<String, String>();
    files.put(RunFolder.PAGE, HtmlReport.write(report));
    files.put("report.md", MarkdownReport.write(report));
    for (var table : report.tables()) {
      files.put("tables/" + table.id() + ".csv", CsvTable.write(table));
    }
    return files;
  }

  private static List<Path> write(
      SequencedMap<String, String> files, RunFolder folder, Readers readers) throws IOException {
    folder.make("tables", Readers.AS_USUAL);
    var written = new ArrayList<Path>();
    for (var entry : files.entrySet()) {
      written.add(folder.write(entry.getKey(), entry.getValue(), readers));
    }
    return written;
  }
}
