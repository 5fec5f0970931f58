package dev.demur.lab.report.paper;

import dev.demur.lab.report.Report.Section;
import dev.demur.lab.study.StudyConfig.Procedure;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;

/// The sections a study's report has because a paper shows the same.
public final class PaperSections {

  private PaperSections() {}

  /// All for which the study measured something, in reading order.
  public static List<Section> of(StudyResult study) {
    var sections = new ArrayList<Section>();
    if (study.config().procedure() == Procedure.PAPER) {
      sections.add(ProcedureReport.of(study));
    }
    sections.addAll(SupplementReport.of(study));
    return sections;
  }
}
