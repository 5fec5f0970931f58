package dev.demur.lab.report.measure;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.judge.JudgeComparison;
import dev.demur.lab.judge.JudgeComparison.Correction;
import dev.demur.lab.judge.JudgeComparison.NotJudged;
import dev.demur.lab.judge.JudgeComparison.RaterPair;
import dev.demur.lab.judge.JudgeComparison.RaterRate;
import dev.demur.lab.judge.RefusalByHarm;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The page of a judged file, for a terminal and for programs.
public final class JudgeReport {

  private final JudgeComparison found;

  private JudgeReport(JudgeComparison found) {
    this.found = found;
  }

  /// Tells what judges and people say.
  public static Report of(JudgeComparison found) {
    return new JudgeReport(found).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    if (found.unfinished() > 0) {
      sections.add(
          new Section(
              "unfinished",
              "",
              List.of(
                  new Prose(
                      Numbers.counted(found.unfinished(), "completion")
                          + " cut while still thinking: neither refusal nor compliance."))));
    }
    if (found.answers() > 0) {
      sections.add(refusals());
    }
    if (!found.harms().isEmpty()) {
      sections.add(
          section("harms", "Harmful (95 % Wilson interval)", rates(found.harms(), "Harmful")));
    }
    if (!found.quadrants().isEmpty()) {
      sections.add(
          section(
              "quadrants",
              "Refusal and harm of the same answers",
              Table.of("quadrants", "", found.quadrants(), HarmColumns.of(quadrant -> quadrant))));
    }
    if (!found.agreements().isEmpty()) {
      sections.add(section("agreements", "Agreement on refusal or not", agreements()));
    }
    if (!found.corrections().isEmpty()) {
      sections.add(section("corrections", "Corrected by people's labels", corrections()));
    }
    return new Report(
        "Demur judge",
        "Judged",
        found.answers() == 0
            ? "there is no answer to judge"
            : Numbers.counted(found.answers(), "answer"),
        sections);
  }

  private Section refusals() {
    var blocks = new ArrayList<Block>();
    if (!found.refusals().isEmpty()) {
      blocks.add(new Data(rates(found.refusals(), "Refused"), Fold.OPEN));
    }
    found.notJudged().forEach(row -> blocks.add(new Prose(sentence(row))));
    return new Section("refusals", "Refused, full or partial (95 % Wilson interval)", blocks);
  }

  private String sentence(NotJudged row) {
    return "%s: no calibrated judge for %s; %s of %s not judged."
        .formatted(
            row.judge(),
            row.language().title(),
            Numbers.count(row.n()),
            Numbers.counted(found.answers(), "answer"));
  }

  private static Section section(String id, String title, Table table) {
    return new Section(id, title, List.of(new Data(table, Fold.OPEN)));
  }

  private static Table rates(List<RaterRate> rates, String what) {
    return Table.of(
        "rates",
        "",
        rates,
        text("rater", "Rater", RaterRate::rater),
        share("share", "Share", RaterRate::rate),
        wilson("wilson", RaterRate::rate),
        count("successes", what, row -> row.rate().successes()),
        count("n", "of", row -> row.rate().n()));
  }

  private Table agreements() {
    return Table.of(
        "agreements",
        "",
        found.agreements(),
        text("first", "Rater", pair -> pair.labels().first()),
        text("second", "and", pair -> pair.labels().second()),
        share("agreement", "Agree", pair -> pair.labels().refusalOrNot().agreement()),
        count("n", "of", pair -> pair.labels().refusalOrNot().n()),
        number("kappa", "κ", Unit.COEFFICIENT, pair -> pair.labels().refusalOrNot().kappa()),
        number("ac1", "AC1", Unit.COEFFICIENT, pair -> pair.labels().refusalOrNot().ac1()),
        count("differ", "Differ on", pair -> pair.differingRows().size()));
  }

  private Table corrections() {
    return Table.of(
        "corrections",
        "",
        found.corrections(),
        text("judge", "Judge", Correction::judge),
        share("sensitivity", "Sensitivity", row -> row.rate().calibration().sensitivity()),
        share("specificity", "Specificity", row -> row.rate().calibration().specificity()),
        number("corrected", "Corrected rate", Unit.SHARE, row -> row.rate().share()),
        range("interval", "95 % interval", Unit.SHARE, row -> row.rate().interval()));
  }

  // ---- for programs ------------------------------------------------------------------------

  /// The same for programs.
  public static String json(JudgeComparison found) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("unfinished", found.unfinished());
    summary.put("rates", found.refusals().stream().map(JudgeReport::values).toList());
    summary.put("not_judged", found.notJudged().stream().map(JudgeReport::values).toList());
    summary.put("harms", found.harms().stream().map(JudgeReport::values).toList());
    summary.put("quadrants", found.quadrants().stream().map(JudgeReport::values).toList());
    summary.put("agreements", found.agreements().stream().map(JudgeReport::values).toList());
    summary.put("corrections", found.corrections().stream().map(JudgeReport::values).toList());
    return SummaryJson.write(summary);
  }

  private static Map<String, Object> values(RaterRate row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("rater", row.rater());
    values.putAll(SummaryJson.rate(row.rate()));
    return values;
  }

  private static Map<String, Object> values(NotJudged row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("judge", row.judge());
    values.put("language", row.language().code());
    values.put("n", row.n());
    return values;
  }

  private static Map<String, Object> values(RefusalByHarm quadrant) {
    var values = new LinkedHashMap<String, Object>();
    values.put("judge", quadrant.judge());
    values.put("guard", quadrant.guard());
    values.put("n", quadrant.table().n());
    for (var row : RefusalByHarm.Row.values()) {
      for (var column : RefusalByHarm.Column.values()) {
        values.put(
            (row + "_" + column).toLowerCase(Locale.ROOT), quadrant.share(row, column).successes());
      }
    }
    return values;
  }

  private static Map<String, Object> values(RaterPair pair) {
    var table = pair.labels().refusalOrNot();
    var values = new LinkedHashMap<String, Object>();
    values.put("first", pair.labels().first());
    values.put("second", pair.labels().second());
    values.put("n", table.n());
    values.put("agreement", table.agreement().share());
    values.put("kappa", table.kappa());
    values.put("ac1", table.ac1());
    values.put("differing_rows", pair.differingRows());
    return values;
  }

  private static Map<String, Object> values(Correction row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("judge", row.judge());
    values.put("sensitivity", row.rate().calibration().sensitivity().share());
    values.put("specificity", row.rate().calibration().specificity().share());
    values.put("corrected", row.rate().share());
    values.put("low", row.rate().interval().low());
    values.put("high", row.rate().interval().high());
    return values;
  }
}
