package dev.demur.lab.report.format;

import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.report.explain.AnatomyReport;
import dev.demur.lab.report.explain.ExplainReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.model.local.Readers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Everything an explanation, of many prompts or of one, leaves for readers.
public final class ExplainFiles {

  /// Value of `format`.
  public static final String FORMAT = "demur-explain";

  /// Value of `version`; raised when a reader of the old layout would misread the new.
  public static final int VERSION = 1;

  private ExplainFiles() {}

  /// The explanation as JSON.
  public static String json(Explanation explanation) {
    return document("explanation", explanation);
  }

  /// Writes `explain.json`, `report.html`, `report.md` and `tables/*.csv`.
  ///
  /// @param study folder of the study that found the direction
  /// @return what was written
  public static List<Path> write(Explanation explanation, RunFolder folder, Optional<Path> study)
      throws IOException {
    var report = ExplainReport.of(explanation, address(folder, study));
    var written = new ArrayList<>(ReportFiles.write(report, folder));
    written.add(folder.write(RunFolder.EXPLANATION, json(explanation), Readers.AS_USUAL));
    return List.copyOf(written);
  }

  /// One prompt under the microscope as JSON.
  public static String json(Anatomy anatomy) {
    return document("prompt", anatomy);
  }

  /// Writes `prompt.json`, `report.html`, `report.md` and `tables/*.csv`.
  ///
  /// @param study folder of the study that found the direction
  /// @return what was written
  public static List<Path> write(Anatomy anatomy, RunFolder folder, Optional<Path> study)
      throws IOException {
    var report = AnatomyReport.of(anatomy, address(folder, study));
    var written = new ArrayList<>(ReportFiles.write(report, folder));
    written.add(folder.write("prompt.json", json(anatomy), Readers.AS_USUAL));
    return List.copyOf(written);
  }

  private static Optional<String> address(RunFolder folder, Optional<Path> study) {
    return study.map(path -> Beside.address(folder, path));
  }

  private static String document(String name, Object value) {
    var document = new LinkedHashMap<String, Object>();
    document.put("format", FORMAT);
    document.put("version", VERSION);
    document.put(name, value);
    return JsonReport.JSON.writeValueAsString(document) + "\n";
  }
}
