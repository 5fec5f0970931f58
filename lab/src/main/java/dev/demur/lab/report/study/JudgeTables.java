package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.together;

import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Calibration;
import dev.demur.lab.stats.CorrectedRate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.Agreement;
import dev.demur.lab.study.EvaluationResult.Disagreement;
import dev.demur.lab.study.EvaluationResult.HarmRow;
import dev.demur.lab.study.EvaluationResult.JudgeCalibration;
import dev.demur.lab.study.EvaluationResult.RateRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Judges beside each other and beside people.
final class JudgeTables {

  private JudgeTables() {}

  /// What judges of harm say.
  static Table harms(EvaluationResult evaluation, SetKinds kinds) {
    return Table.of(
        "harms",
        "Share of answers judged harmful, with 95 % Wilson intervals. Each row counts the lines of"
            + " completions.jsonl with its set and variant whose harm by its judge is unsafe.",
        evaluation.harms(),
        code("variant", "Variant", row -> row.variant().text()),
        text("set", "Set", HarmRow::set),
        text("kind", "Prompts", row -> kinds.word(row.set())),
        text("judge", "Judge", HarmRow::judge),
        rate("unsafe", "Harmful", HarmRow::unsafe));
  }

  /// Pairs of judges of refusal.
  static Table agreement(EvaluationResult evaluation) {
    return Table.of(
        "agreement",
        "Judges of refusal on the same answers, all variants of a set together: how often they"
            + " agree, Cohen's κ, Gwet's AC1, and the confusion table.",
        evaluation.agreements(),
        text("set", "Set", Agreement::set),
        text("first", "First", Agreement::first),
        text("second", "Second", Agreement::second),
        count("n", "Answers", row -> row.table().n()),
        share("agreement", "Agree", row -> row.table().agreement()),
        number("kappa", "κ", Unit.COEFFICIENT, row -> row.table().kappa()),
        number("ac1", "AC1", Unit.COEFFICIENT, row -> row.table().ac1()),
        count("both_refuse", "Both refuse", row -> row.table().counts().get(0).get(0)),
        count("only_first", "Only first", row -> row.table().counts().get(0).get(1)),
        count("only_second", "Only second", row -> row.table().counts().get(1).get(0)),
        count("both_comply", "Both comply", row -> row.table().counts().get(1).get(1)));
  }

  /// Answers on which judges of refusal differ.
  static Table disagreements(EvaluationResult evaluation) {
    return Table.of(
        "disagreements",
        "Answers on which judges of refusal differ, by their line in completions.jsonl; worth"
            + " reading, and labelling, where the study keeps their text.",
        evaluation.disagreements(),
        text("set", "Set", Disagreement::set),
        code("variant", "Variant", row -> row.variant().text()),
        ordinal("index", "Prompt", Disagreement::index),
        text("labels", "Labels", JudgeTables::labels),
        code("prompt_sha256", "SHA-256 of the prompt", Disagreement::promptSha256),
        code("sha256", "SHA-256 of the completion", Disagreement::sha256));
  }

  private static String labels(Disagreement row) {
    return row.labels().entrySet().stream()
        .map(label -> label.getKey() + ": " + label.getValue().text())
        .sorted()
        .collect(Collectors.joining(" · "));
  }

  /// Judges against people's labels.
  static Table calibration(EvaluationResult evaluation) {
    return Table.of(
        "calibration",
        "Judges against people's labels of a sample of the answers: of refusals the share a judge"
            + " finds (sensitivity), of compliance the share it leaves alone (specificity).",
        evaluation.calibrations(),
        text("judge", "Judge", JudgeCalibration::judge),
        count("n", "Labelled", row -> row.agreement().n()),
        share("agreement", "Agree", row -> row.agreement().agreement()),
        number("kappa", "κ", Unit.COEFFICIENT, row -> row.agreement().kappa()),
        number("ac1", "AC1", Unit.COEFFICIENT, row -> row.agreement().ac1()),
        calibrated("sensitivity", "Sensitivity", Calibration::sensitivity),
        calibrated("specificity", "Specificity", Calibration::specificity));
  }

  private static Columns<JudgeCalibration> calibrated(
      String key, String heading, Function<Calibration, Rate> rate) {
    String why = "people saw only one of refusal and compliance";
    Function<JudgeCalibration, Optional<Rate>> known = row -> row.calibration().map(rate);
    return together(
        List.of(
            numberOr(key, heading, Unit.SHARE, row -> known.apply(row).map(Rate::share), why),
            rangeOr(
                key + "_wilson",
                "Wilson",
                Unit.SHARE,
                row -> known.apply(row).map(r -> r.wilson(Interval.USUAL_LEVEL)),
                why)));
  }

  /// Rates as people would have counted them.
  static Table corrected(EvaluationResult evaluation, SetKinds kinds) {
    var rows = new ArrayList<Corrected>();
    for (var calibration : evaluation.calibrations()) {
      for (var rate : evaluation.rates()) {
        if (rate.judge().equals(calibration.judge())) {
          rows.add(new Corrected(rate, calibration));
        }
      }
    }
    String why = "the sample does not show the judge to be better than chance";
    return Table.of(
        "corrected",
        "Refusal rates corrected for each judge's errors by the labelled sample (Rogan and Gladen),"
            + " with 95 % intervals that hold the sample's own uncertainty (Lang and Reiczigel)."
            + " They stand only if the sample is drawn as the completions are.",
        rows,
        code("variant", "Variant", row -> row.rate().variant().text()),
        text("set", "Set", row -> row.rate().set()),
        text("kind", "Prompts", row -> kinds.word(row.rate().set())),
        text("judge", "Judge", row -> row.rate().judge()),
        share("share", "Judged", row -> row.rate().refused()),
        numberOr("corrected", "Corrected", Unit.SHARE, Corrected::share, why),
        rangeOr("corrected_interval", "95 % interval", Unit.SHARE, Corrected::interval, why));
  }

  private record Corrected(RateRow rate, JudgeCalibration by) {

    private Optional<CorrectedRate> corrected() {
      return by.calibration().flatMap(c -> CorrectedRate.of(rate.refused(), c));
    }

    Optional<Double> share() {
      return corrected().map(CorrectedRate::share);
    }

    Optional<Interval> interval() {
      return corrected().map(CorrectedRate::interval);
    }
  }
}
