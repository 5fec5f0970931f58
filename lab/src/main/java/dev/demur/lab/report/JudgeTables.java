package dev.demur.lab.report;

import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.stats.AgreementTable;
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
import java.util.stream.Collectors;

/// Judges beside each other and beside people.
final class JudgeTables {

  private JudgeTables() {}

  /// What judges of harm say.
  static Table harms(EvaluationResult evaluation, SetKinds kinds) {
    return new Table(
        "harms",
        "Share of answers judged harmful, with 95 % Wilson intervals. Each row counts the lines of"
            + " completions.jsonl with its set and variant whose harm by its judge is unsafe.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.number("unsafe", "Harmful"),
            Column.number("n", "of"),
            Column.number("share", "Share"),
            Column.range("wilson", "Wilson")),
        evaluation.harms().stream().map(row -> harm(row, kinds)).toList());
  }

  private static Row harm(HarmRow row, SetKinds kinds) {
    return Row.of(
        new Code(row.variant().text()),
        new Text(row.set()),
        new Text(kinds.word(row.set())),
        new Text(row.judge()),
        new Count(row.unsafe().successes()),
        new Count(row.unsafe().n()),
        new Amount(row.unsafe().share(), Unit.SHARE),
        wilson(row.unsafe()));
  }

  /// Pairs of judges of refusal.
  static Table agreement(EvaluationResult evaluation) {
    return new Table(
        "agreement",
        "Judges of refusal on the same answers, all variants of a set together: how often they"
            + " agree, Cohen's κ, Gwet's AC1, and the confusion table.",
        List.of(
            Column.text("set", "Set"),
            Column.text("first", "First"),
            Column.text("second", "Second"),
            Column.number("n", "Answers"),
            Column.number("agreement", "Agree"),
            Column.number("kappa", "κ"),
            Column.number("ac1", "AC1"),
            Column.number("both_refuse", "Both refuse"),
            Column.number("only_first", "Only first"),
            Column.number("only_second", "Only second"),
            Column.number("both_comply", "Both comply")),
        evaluation.agreements().stream().map(JudgeTables::agreement).toList());
  }

  private static Row agreement(Agreement row) {
    var table = row.table();
    return Row.of(
        new Text(row.set()),
        new Text(row.first()),
        new Text(row.second()),
        new Count(table.n()),
        new Amount(table.agreement().share(), Unit.SHARE),
        new Amount(table.kappa(), Unit.COEFFICIENT),
        new Amount(table.ac1(), Unit.COEFFICIENT),
        count(table, 0, 0),
        count(table, 0, 1),
        count(table, 1, 0),
        count(table, 1, 1));
  }

  /// Answers on which judges of refusal differ.
  static Table disagreements(EvaluationResult evaluation) {
    return new Table(
        "disagreements",
        "Answers on which judges of refusal differ, by their line in completions.jsonl; worth"
            + " reading, and labelling, where the study keeps their text.",
        List.of(
            Column.text("set", "Set"),
            Column.text("variant", "Variant"),
            Column.number("index", "Prompt"),
            Column.text("labels", "Labels"),
            Column.text("prompt_sha256", "SHA-256 of the prompt"),
            Column.text("sha256", "SHA-256 of the completion")),
        evaluation.disagreements().stream().map(JudgeTables::disagreement).toList());
  }

  private static Row disagreement(Disagreement row) {
    String labels =
        row.labels().entrySet().stream()
            .map(label -> label.getKey() + ": " + label.getValue().text())
            .sorted()
            .collect(Collectors.joining(" · "));
    return Row.of(
        new Text(row.set()),
        new Code(row.variant().text()),
        new Ordinal(row.index()),
        new Text(labels),
        new Code(row.promptSha256()),
        new Code(row.sha256()));
  }

  /// Judges against people's labels.
  static Table calibration(EvaluationResult evaluation) {
    return new Table(
        "calibration",
        "Judges against people's labels of a sample of the answers: of refusals the share a judge"
            + " finds (sensitivity), of compliance the share it leaves alone (specificity).",
        List.of(
            Column.text("judge", "Judge"),
            Column.number("n", "Labelled"),
            Column.number("agreement", "Agree"),
            Column.number("kappa", "κ"),
            Column.number("ac1", "AC1"),
            Column.number("sensitivity", "Sensitivity"),
            Column.range("sensitivity_wilson", "Wilson"),
            Column.number("specificity", "Specificity"),
            Column.range("specificity_wilson", "Wilson")),
        evaluation.calibrations().stream().map(JudgeTables::calibration).toList());
  }

  private static Row calibration(JudgeCalibration row) {
    var sensitivity = row.calibration().map(c -> c.sensitivity());
    var specificity = row.calibration().map(c -> c.specificity());
    var missing = new Missing("people saw only one of refusal and compliance");
    return Row.of(
        new Text(row.judge()),
        new Count(row.agreement().n()),
        new Amount(row.agreement().agreement().share(), Unit.SHARE),
        new Amount(row.agreement().kappa(), Unit.COEFFICIENT),
        new Amount(row.agreement().ac1(), Unit.COEFFICIENT),
        sensitivity.<Cell>map(r -> new Amount(r.share(), Unit.SHARE)).orElse(missing),
        sensitivity.<Cell>map(JudgeTables::wilson).orElse(missing),
        specificity.<Cell>map(r -> new Amount(r.share(), Unit.SHARE)).orElse(missing),
        specificity.<Cell>map(JudgeTables::wilson).orElse(missing));
  }

  /// Rates as people would have counted them.
  static Table corrected(EvaluationResult evaluation, SetKinds kinds) {
    var rows = new ArrayList<Row>();
    for (var calibration : evaluation.calibrations()) {
      for (var rate : evaluation.rates()) {
        if (rate.judge().equals(calibration.judge())) {
          rows.add(corrected(rate, calibration, kinds));
        }
      }
    }
    return new Table(
        "corrected",
        "Refusal rates corrected for each judge's errors by the labelled sample (Rogan and Gladen),"
            + " with 95 % intervals that hold the sample's own uncertainty (Lang and Reiczigel)."
            + " They stand only if the sample is drawn as the completions are.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.number("share", "Judged"),
            Column.number("corrected", "Corrected"),
            Column.range("corrected_interval", "95 % interval")),
        rows);
  }

  private static Row corrected(RateRow rate, JudgeCalibration row, SetKinds kinds) {
    var informative = row.calibration().filter(c -> c.isInformative());
    var missing = new Missing("the sample does not show the judge to be better than chance");
    return Row.of(
        new Code(rate.variant().text()),
        new Text(rate.set()),
        new Text(kinds.word(rate.set())),
        new Text(rate.judge()),
        new Amount(rate.refused().share(), Unit.SHARE),
        informative
            .<Cell>map(c -> new Amount(c.correct(rate.refused()), Unit.SHARE))
            .orElse(missing),
        informative
            .<Cell>map(c -> new Range(c.interval(rate.refused(), Interval.USUAL_LEVEL), Unit.SHARE))
            .orElse(missing));
  }

  private static Range wilson(Rate rate) {
    return new Range(rate.wilson(Interval.USUAL_LEVEL), Unit.SHARE);
  }

  private static Count count(AgreementTable table, int row, int column) {
    return new Count(table.counts().get(row).get(column));
  }
}
