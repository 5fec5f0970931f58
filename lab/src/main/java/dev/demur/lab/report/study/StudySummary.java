package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.StudyResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A study in a few lines, for a terminal and for programs: the finding, and the first judge's
/// rates. [StudyReport] has all of it.
public final class StudySummary {

  private StudySummary() {}

  /// Sums up a study.
  public static Report of(StudyResult study) {
    var sections = new ArrayList<Section>();
    if (Conclusions.headline(study).isPresent()) {
      sections.add(new Section("finding", "", List.of(new Prose(study.finding().sentence()))));
    }
    int unfinished = study.evaluation().unfinished();
    if (unfinished > 0) {
      sections.add(
          new Section(
              "unfinished",
              "",
              List.of(
                  new Prose(
                      "Still thinking at the length limit, so in no rate: "
                          + Numbers.counted(unfinished, "completion")
                          + "."))));
    }
    var rates = study.evaluation().ratesOfFirstJudge();
    if (!rates.isEmpty()) {
      sections.add(
          new Section(
              "rates",
              "Refused (95 % interval, judge " + rates.getFirst().judge() + ")",
              List.of(new Data(table(rates), Fold.OPEN))));
    }
    return new Report(
        "Demur study",
        study.model().name(),
        Conclusions.headline(study).orElse(study.finding().sentence()),
        sections);
  }

  private static Table table(List<RateRow> rates) {
    return Table.of(
        "rates",
        "",
        rates,
        text("name", "Set, variant", row -> row.set() + ", " + row.variant()),
        share("share", "Share", RateRow::refused),
        wilson("wilson", RateRow::refused),
        count("refused", "Refused", row -> row.refused().successes()),
        count("n", "of", row -> row.refused().n()));
  }

  /// The same for programs.
  ///
  /// @param folder where the run lies
  public static String json(StudyResult study, Path folder) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("finding", study.finding().kind().name().toLowerCase(Locale.ROOT));
    summary.put("sentence", study.finding().sentence());
    study
        .selection()
        .flatMap(selection -> selection.chosen())
        .ifPresent(
            row -> {
              summary.put("position", row.candidate().position());
              summary.put("layer", row.candidate().layer());
            });
    summary.put("folder", folder.toString());
    summary.put("unfinished", study.evaluation().unfinished());
    summary.put(
        "rates",
        study.evaluation().ratesOfFirstJudge().stream().map(StudySummary::values).toList());
    return SummaryJson.write(summary);
  }

  private static Map<String, Object> values(RateRow row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("set", row.set());
    values.put("variant", row.variant());
    values.put("judge", row.judge());
    values.putAll(SummaryJson.rate(row.refused()));
    return values;
  }
}
