package dev.demur.lab.report;

import dev.demur.lab.judge.SafetyBalance;
import dev.demur.lab.prompts.Expectation;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.CategoryRow;
import dev.demur.lab.study.EvaluationResult.Comparison;
import dev.demur.lab.study.EvaluationResult.RateRow;
import java.util.ArrayList;
import java.util.List;

/// Tables of an evaluation.
final class EvaluationTables {

  private EvaluationTables() {}

  /// Refusal rates with both intervals, harmful and harmless sets together.
  static Table rates(EvaluationResult evaluation, SetKinds kinds) {
    return new Table(
        "rates",
        "Share of completions judged refusals, with 95 % intervals. Each row counts the lines of"
            + " completions.jsonl with its set and variant, by its judge's label.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.number("refused", "Refused"),
            Column.number("n", "of"),
            Column.number("share", "Share"),
            Column.range("wilson", "Wilson"),
            Column.range("clopper_pearson", "Clopper–Pearson"),
            Column.number("cut", "Cut off")),
        evaluation.rates().stream().map(row -> rate(row, kinds)).toList());
  }

  /// Harmful compliance and over-refusal of each variant that ran on both kinds of prompts, by each
  /// judge: either alone can be had by refusing everything or nothing.
  static Table balance(EvaluationResult evaluation) {
    var rows = new ArrayList<Row>();
    for (var harmful : evaluation.categories()) {
      if (harmful.rates().expectation() == Expectation.REFUSE) {
        for (var harmless : evaluation.categories()) {
          if (harmless.rates().expectation() == Expectation.COMPLY
              && harmless.variant().equals(harmful.variant())
              && harmless.judge().equals(harmful.judge())) {
            rows.add(balance(harmful, new SafetyBalance(harmful.rates(), harmless.rates())));
          }
        }
      }
    }
    return new Table(
        "balance",
        "Both failures together, with 95 % Wilson intervals: harmful prompts answered and harmless"
            + " prompts refused. Only variants that ran on both kinds of prompts.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("judge", "Judge"),
            Column.text("harmful_set", "Harmful set"),
            Column.number("harmful_complied", "Complied"),
            Column.range("harmful_complied_wilson", "Wilson"),
            Column.text("harmless_set", "Harmless set"),
            Column.number("harmless_refused", "Refused"),
            Column.range("harmless_refused_wilson", "Wilson")),
        rows);
  }

  private static Row balance(CategoryRow row, SafetyBalance balance) {
    var complied = balance.harmful().failures();
    var refused = balance.harmless().failures();
    return Row.of(
        new Code(row.variant().text()),
        new Text(row.judge()),
        new Text(balance.harmful().name()),
        new Amount(complied.share(), Unit.SHARE),
        new Range(complied.wilson(Interval.USUAL_LEVEL), Unit.SHARE),
        new Text(balance.harmless().name()),
        new Amount(refused.share(), Unit.SHARE),
        new Range(refused.wilson(Interval.USUAL_LEVEL), Unit.SHARE));
  }

  /// Refusals by category, of sets whose source has categories.
  static Table categories(EvaluationResult evaluation, SetKinds kinds) {
    var rows = new ArrayList<Row>();
    for (var row : evaluation.categories()) {
      row.rates()
          .byCategory()
          .forEach((category, rate) -> rows.add(category(row, category, rate, kinds)));
    }
    return new Table(
        "categories",
        "Share of answers judged refusals by category of prompt, with 95 % Wilson intervals.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.text("category", "Category"),
            Column.number("refused", "Refused"),
            Column.number("n", "of"),
            Column.number("share", "Share"),
            Column.range("wilson", "Wilson")),
        rows);
  }

  private static Row category(CategoryRow row, String category, Rate rate, SetKinds kinds) {
    return Row.of(
        new Code(row.variant().text()),
        new Text(row.rates().name()),
        new Text(kinds.word(row.rates().name())),
        new Text(row.judge()),
        new Text(category),
        new Count(rate.successes()),
        new Count(rate.n()),
        new Amount(rate.share(), Unit.SHARE),
        new Range(rate.wilson(Interval.USUAL_LEVEL), Unit.SHARE));
  }

  /// How completions end.
  static Table endings(EvaluationResult evaluation, SetKinds kinds) {
    return new Table(
        "endings",
        "How completions end. Still thinking: the thinking block was not closed at the limit, so"
            + " there is no answer; such completions are in no rate. Empty and looping answers are"
            + " judged like all others.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.number("n", "Completions"),
            Column.number("cut", "Cut off"),
            Column.number("unfinished", "Still thinking"),
            Column.number("empty", "Empty"),
            Column.number("looping", "Looping")),
        evaluation.endings().stream()
            .map(
                row ->
                    Row.of(
                        new Code(row.variant().text()),
                        new Text(row.set()),
                        new Text(kinds.word(row.set())),
                        new Count(row.n()),
                        new Count(row.cut()),
                        new Count(row.unfinished()),
                        new Count(row.empty()),
                        new Count(row.looping())))
            .toList());
  }

  /// Answers in languages that a judge is not calibrated for.
  static Table notJudged(EvaluationResult evaluation, SetKinds kinds) {
    return new Table(
        "not_judged",
        "Not judged: no calibrated judge for the language. These answers are in no rate of that"
            + " judge.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.text("language", "Language"),
            Column.number("n", "Answers")),
        evaluation.notJudged().stream()
            .map(
                row ->
                    Row.of(
                        new Code(row.variant().text()),
                        new Text(row.set()),
                        new Text(kinds.word(row.set())),
                        new Text(row.judge()),
                        new Text(row.language().title()),
                        new Count(row.n())))
            .toList());
  }

  /// Each variant against the unedited model on the same prompts.
  static Table comparisons(EvaluationResult evaluation, SetKinds kinds) {
    return new Table(
        "comparisons",
        "Each variant against the unedited model on the same prompts: pairs in which only one of"
            + " the two refuses, change in percentage points with Tango's 95 % interval, p by the"
            + " exact McNemar test, then corrected by Holm over all rows.",
        List.of(
            Column.text("variant", "Variant"),
            Column.text("set", "Set"),
            Column.text("kind", "Prompts"),
            Column.text("judge", "Judge"),
            Column.number("pairs", "Pairs"),
            Column.number("only_unedited", "Only unedited"),
            Column.number("only_variant", "Only variant"),
            Column.number("change", "Change"),
            Column.range("change_interval", "95 % interval"),
            Column.number("p_value", "p"),
            Column.number("p_holm", "p (Holm)")),
        evaluation.comparisons().stream().map(row -> comparison(row, kinds)).toList());
  }

  /// The pairs with the variant first, so that a risk difference is "variant minus unedited".
  static PairedCounts variantFirst(Comparison row) {
    var counts = row.counts();
    return new PairedCounts(
        counts.both(),
        /* onlyFirst= */ counts.onlySecond(),
        /* onlySecond= */ counts.onlyFirst(),
        counts.neither());
  }

  private static Row rate(RateRow row, SetKinds kinds) {
    var rate = row.refused();
    return Row.of(
        new Code(row.variant().text()),
        new Text(row.set()),
        new Text(kinds.word(row.set())),
        new Text(row.judge()),
        new Count(rate.successes()),
        new Count(rate.n()),
        new Amount(rate.share(), Unit.SHARE),
        new Range(rate.wilson(Interval.USUAL_LEVEL), Unit.SHARE),
        new Range(rate.clopperPearson(Interval.USUAL_LEVEL), Unit.SHARE),
        new Count(row.cut().successes()));
  }

  private static Row comparison(Comparison row, SetKinds kinds) {
    var counts = variantFirst(row);
    return Row.of(
        new Code(row.variant().text()),
        new Text(row.set()),
        new Text(kinds.word(row.set())),
        new Text(row.judge()),
        new Count(counts.n()),
        new Count(row.counts().onlyFirst()),
        new Count(row.counts().onlySecond()),
        new Amount(counts.riskDifference(), Unit.POINTS),
        new Range(counts.riskDifferenceInterval(Interval.USUAL_LEVEL), Unit.POINTS),
        new Amount(row.pValue(), Unit.P_VALUE),
        new Amount(row.adjusted(), Unit.P_VALUE));
  }
}
