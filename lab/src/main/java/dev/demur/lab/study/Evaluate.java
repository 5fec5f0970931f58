package dev.demur.lab.study;

import dev.demur.lab.judge.CategoryRates;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.HarmJudge;
import dev.demur.lab.judge.JudgeAgreement;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.prompts.Expectation;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.stats.Significance;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.EvaluationResult.Agreement;
import dev.demur.lab.study.EvaluationResult.CategoryRow;
import dev.demur.lab.study.EvaluationResult.Comparison;
import dev.demur.lab.study.EvaluationResult.Disagreement;
import dev.demur.lab.study.EvaluationResult.Ending;
import dev.demur.lab.study.EvaluationResult.HarmRow;
import dev.demur.lab.study.EvaluationResult.JudgeCalibration;
import dev.demur.lab.study.EvaluationResult.NotJudged;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.model.generate.Completion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Makes rates, tests and agreement of judged completions.
///
/// @param blocks completions of one set and variant each, in the set's order
/// @param panel who judged them
/// @param harmfulSets names of the sets that show the behaviour
record Evaluate(List<List<CompletionRow>> blocks, Panel panel, Set<String> harmfulSets) {

  EvaluationResult result() {
    var rates = new ArrayList<RateRow>();
    var categories = new ArrayList<CategoryRow>();
    var harms = new ArrayList<HarmRow>();
    var notJudged = new ArrayList<NotJudged>();
    for (var block : blocks) {
      var answered = block.stream().filter(CompletionRow::isAnswered).toList();
      if (!answered.isEmpty()) {
        for (String judge : panel.names()) {
          var judged = judgedBy(answered, judge);
          if (!judged.isEmpty()) {
            rates.add(rate(block, judged, judge));
            categories.add(byCategory(judged, judge));
          }
          notJudged.addAll(notJudged(answered, judge));
        }
        panel.harmJudges().forEach(judge -> harms.add(harm(answered, judge)));
      }
    }
    return new EvaluationResult(
        rates,
        adjusted(comparisons()),
        harms,
        blocks.stream().map(Evaluate::ending).toList(),
        categories,
        agreements(),
        disagreements(),
        calibrations(),
        notJudged);
  }

  /// Answers that a judge was not asked about, by language.
  private static List<NotJudged> notJudged(List<CompletionRow> answered, String judge) {
    var languages = new EnumMap<Language, Integer>(Language.class);
    answered.stream()
        .filter(row -> !row.isJudgedBy(judge))
        .forEach(row -> languages.merge(row.language(), 1, Integer::sum));
    return languages.entrySet().stream()
        .map(
            entry ->
                new NotJudged(
                    set(answered), variant(answered), judge, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static RateRow rate(
      List<CompletionRow> block, List<CompletionRow> answered, String judge) {
    return new RateRow(
        set(block),
        variant(block),
        judge,
        Rate.of(answered, row -> row.refused(judge)),
        Rate.of(block, Evaluate::isCut));
  }

  private CategoryRow byCategory(List<CompletionRow> answered, String judge) {
    return new CategoryRow(
        variant(answered),
        judge,
        CategoryRates.of(
            set(answered),
            harmfulSets.contains(set(answered)) ? Expectation.REFUSE : Expectation.COMPLY,
            answered.stream().map(CompletionRow::category).toList(),
            labels(answered, judge)));
  }

  private static HarmRow harm(List<CompletionRow> answered, HarmJudge judge) {
    return new HarmRow(
        set(answered),
        variant(answered),
        judge.name(),
        Rate.of(answered, row -> row.harm().get(judge.name()) == Harm.UNSAFE));
  }

  private static Ending ending(List<CompletionRow> block) {
    return new Ending(
        set(block),
        variant(block),
        block.size(),
        count(block, Evaluate::isCut),
        count(block, row -> !row.isAnswered()),
        count(block, row -> row.fault() == OutputFault.EMPTY),
        count(block, row -> row.fault() == OutputFault.LOOPING));
  }

  // ---- variants against the unedited -------------------------------------------------------

  private List<Comparison> comparisons() {
    Map<String, List<CompletionRow>> unediteds = new LinkedHashMap<>();
    var tests = new ArrayList<Comparison>();
    for (var block : blocks) {
      if (variant(block).equals(Variant.UNEDITED)) {
        unediteds.put(set(block), block);
      }
    }
    for (var block : blocks) {
      var unedited = unediteds.get(set(block));
      if (unedited != null && !variant(block).equals(variant(unedited))) {
        panel.names().forEach(judge -> compare(unedited, block, judge).ifPresent(tests::add));
      }
    }
    return tests;
  }

  private static Optional<Comparison> compare(
      List<CompletionRow> unedited, List<CompletionRow> block, String judge) {
    return PairedCounts.of(unedited, block, row -> row.isJudgedBy(judge), row -> row.refused(judge))
        .map(
            counts -> {
              double p = counts.mcNemar();
              return new Comparison(set(block), variant(block), judge, counts, p, p);
            });
  }

  private static List<Comparison> adjusted(List<Comparison> tests) {
    var p = Significance.holm(tests.stream().map(Comparison::pValue).toList());
    var adjusted = new ArrayList<Comparison>();
    for (int i = 0; i < tests.size(); i++) {
      var t = tests.get(i);
      adjusted.add(
          new Comparison(t.set(), t.variant(), t.judge(), t.counts(), t.pValue(), p.get(i)));
    }
    return adjusted;
  }

  // ---- judges against each other and against people ------------------------------------------

  private List<Agreement> agreements() {
    Map<String, List<CompletionRow>> bySet = new LinkedHashMap<>();
    answered().forEach(row -> bySet.computeIfAbsent(row.set(), _ -> new ArrayList<>()).add(row));
    var names = panel.names();
    var agreements = new ArrayList<Agreement>();
    bySet.forEach(
        (set, rows) -> {
          for (int i = 0; i < names.size(); i++) {
            for (String second : names.subList(i + 1, names.size())) {
              String first = names.get(i);
              var both = judgedBy(judgedBy(rows, first), second);
              if (!both.isEmpty()) {
                var pair =
                    new JudgeAgreement(first, second, labels(both, first), labels(both, second));
                agreements.add(new Agreement(set, first, second, pair.refusalOrNot()));
              }
            }
          }
        });
    return agreements;
  }

  private List<Disagreement> disagreements() {
    return answered().stream()
        .filter(row -> row.labels().values().stream().map(Refusal::refuses).distinct().count() > 1)
        .map(
            row ->
                new Disagreement(
                    row.set(),
                    row.variant(),
                    row.index(),
                    row.promptSha256(),
                    row.sha256(),
                    row.labels()))
        .toList();
  }

  private List<JudgeCalibration> calibrations() {
    return panel.names().stream().map(this::calibration).flatMap(Optional::stream).toList();
  }

  private Optional<JudgeCalibration> calibration(String judge) {
    var truth = new ArrayList<Refusal>();
    var labelled = new ArrayList<CompletionRow>();
    for (var row : judgedBy(answered(), judge)) {
      panel
          .people()
          .of(row.promptSha256(), row.sha256())
          .ifPresent(
              label -> {
                truth.add(label);
                labelled.add(row);
              });
    }
    if (labelled.isEmpty()) {
      return Optional.empty();
    }
    boolean both = truth.stream().map(Refusal::refuses).distinct().count() == 2;
    var pair = new JudgeAgreement("people", judge, truth, labels(labelled, judge));
    return Optional.of(
        new JudgeCalibration(
            judge, pair.refusalOrNot(), both ? Optional.of(pair.calibration()) : Optional.empty()));
  }

  private static List<CompletionRow> judgedBy(List<CompletionRow> rows, String judge) {
    return rows.stream().filter(row -> row.isJudgedBy(judge)).toList();
  }

  private List<CompletionRow> answered() {
    return blocks.stream().flatMap(List::stream).filter(CompletionRow::isAnswered).toList();
  }

  // ---- rows ------------------------------------------------------------------------------------

  private static List<Refusal> labels(List<CompletionRow> rows, String judge) {
    return rows.stream().map(row -> row.label(judge)).toList();
  }

  private static boolean isCut(CompletionRow row) {
    return row.end().equals(Completion.End.LENGTH.text());
  }

  private static int count(List<CompletionRow> rows, Predicate<CompletionRow> property) {
    return (int) rows.stream().filter(property).count();
  }

  private static String set(List<CompletionRow> block) {
    return block.getFirst().set();
  }

  private static Variant variant(List<CompletionRow> block) {
    return block.getFirst().variant();
  }
}
