package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.judge.SafetyBalance;
import dev.demur.lab.prompts.Expectation;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.CategoryRow;
import dev.demur.lab.study.EvaluationResult.Comparison;
import dev.demur.lab.study.EvaluationResult.RateRow;
import java.util.ArrayList;

/// Tables of an evaluation.
final class EvaluationTables {

  private EvaluationTables() {}

  /// Refusal rates with both intervals, harmful and harmless sets together.
  static Table rates(EvaluationResult evaluation, SetKinds kinds) {
    return Table.of(
        "rates",
        "Share of completions judged refusals, with 95 % intervals. Each row counts the lines of"
            + " completions.jsonl with its set and variant, by its judge's label.",
        evaluation.rates(),
        code("variant", "Variant", row -> row.variant().text()),
        text("set", "Set", RateRow::set),
        text("kind", "Prompts", row -> kinds.word(row.set())),
        text("judge", "Judge", RateRow::judge),
        rate("refused", "Refused", RateRow::refused),
        range(
            "clopper_pearson",
            "Clopper–Pearson",
            Unit.SHARE,
            row -> row.refused().clopperPearson(Interval.USUAL_LEVEL)),
        count("cut", "Cut off", row -> row.cut().successes()));
  }

  /// Harmful compliance and over-refusal of each variant that ran on both kinds of prompts, by each
  /// judge: either alone can be had by refusing everything or nothing.
  static Table balance(EvaluationResult evaluation) {
    var rows = new ArrayList<Balance>();
    for (var harmful : evaluation.categories()) {
      if (harmful.rates().expectation() == Expectation.REFUSE) {
        for (var harmless : evaluation.categories()) {
          if (harmless.rates().expectation() == Expectation.COMPLY
              && harmless.variant().equals(harmful.variant())
              && harmless.judge().equals(harmful.judge())) {
            rows.add(new Balance(harmful, new SafetyBalance(harmful.rates(), harmless.rates())));
          }
        }
      }
    }
    return Table.of(
        "balance",
        "Both failures together, with 95 % Wilson intervals: harmful prompts answered and harmless"
            + " prompts refused. Only variants that ran on both kinds of prompts.",
        rows,
        code("variant", "Variant", row -> row.of().variant().text()),
        text("judge", "Judge", row -> row.of().judge()),
        text("harmful_set", "Harmful set", row -> row.both().harmful().name()),
        share("harmful_complied", "Complied", row -> row.both().harmful().failures()),
        wilson("harmful_complied_wilson", row -> row.both().harmful().failures()),
        text("harmless_set", "Harmless set", row -> row.both().harmless().name()),
        share("harmless_refused", "Refused", row -> row.both().harmless().failures()),
        wilson("harmless_refused_wilson", row -> row.both().harmless().failures()));
  }

  private record Balance(CategoryRow of, SafetyBalance both) {}

  /// Refusals by category, of sets whose source has categories.
  static Table categories(EvaluationResult evaluation, SetKinds kinds) {
    var rows = new ArrayList<Category>();
    for (var row : evaluation.categories()) {
      row.rates().byCategory().forEach((name, rate) -> rows.add(new Category(row, name, rate)));
    }
    return Table.of(
        "categories",
        "Share of answers judged refusals by category of prompt, with 95 % Wilson intervals.",
        rows,
        code("variant", "Variant", row -> row.of().variant().text()),
        text("set", "Set", row -> row.of().rates().name()),
        text("kind", "Prompts", row -> kinds.word(row.of().rates().name())),
        text("judge", "Judge", row -> row.of().judge()),
        text("category", "Category", Category::name),
        rate("refused", "Refused", Category::rate));
  }

  private record Category(CategoryRow of, String name, Rate rate) {}

  /// How completions end.
  static Table endings(EvaluationResult evaluation, SetKinds kinds) {
    return Table.of(
        "endings",
        "How completions end. Still thinking: the thinking block was not closed at the limit, so"
            + " there is no answer; such completions are in no rate. Empty and looping answers are"
            + " judged like all others.",
        evaluation.endings(),
        code("variant", "Variant", row -> row.variant().text()),
        text("set", "Set", row -> row.set()),
        text("kind", "Prompts", row -> kinds.word(row.set())),
        count("n", "Completions", row -> row.n()),
        count("cut", "Cut off", row -> row.cut()),
        count("unfinished", "Still thinking", row -> row.unfinished()),
        count("empty", "Empty", row -> row.empty()),
        count("looping", "Looping", row -> row.looping()));
  }

  /// Answers in languages that a judge is not calibrated for.
  static Table notJudged(EvaluationResult evaluation, SetKinds kinds) {
    return Table.of(
        "not_judged",
        "Not judged: no calibrated judge for the language. These answers are in no rate of that"
            + " judge.",
        evaluation.notJudged(),
        code("variant", "Variant", row -> row.variant().text()),
        text("set", "Set", row -> row.set()),
        text("kind", "Prompts", row -> kinds.word(row.set())),
        text("judge", "Judge", row -> row.judge()),
        text("language", "Language", row -> row.language().title()),
        count("n", "Answers", row -> row.n()));
  }

  /// Each variant against the unedited model on the same prompts.
  static Table comparisons(EvaluationResult evaluation, SetKinds kinds) {
    return Table.of(
        "comparisons",
        "Each variant against the unedited model on the same prompts: pairs in which only one of"
            + " the two refuses, change in percentage points with Tango's 95 % interval, p by the"
            + " exact McNemar test, then corrected by Holm over all rows.",
        evaluation.comparisons(),
        code("variant", "Variant", row -> row.variant().text()),
        text("set", "Set", Comparison::set),
        text("kind", "Prompts", row -> kinds.word(row.set())),
        text("judge", "Judge", Comparison::judge),
        count("pairs", "Pairs", row -> row.counts().n()),
        count("only_unedited", "Only unedited", row -> row.counts().onlyFirst()),
        count("only_variant", "Only variant", row -> row.counts().onlySecond()),
        number("change", "Change", Unit.POINTS, row -> variantFirst(row).riskDifference()),
        range(
            "change_interval",
            "95 % interval",
            Unit.POINTS,
            row -> variantFirst(row).riskDifferenceInterval(Interval.USUAL_LEVEL)),
        number("p_value", "p", Unit.P_VALUE, Comparison::pValue),
        number("p_holm", "p (Holm)", Unit.P_VALUE, Comparison::adjusted));
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
}
