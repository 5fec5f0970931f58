package dev.demur.lab.study;

import dev.demur.lab.judge.CategoryRates;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.stats.AgreementTable;
import dev.demur.lab.stats.Calibration;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What every variant does on every evaluation set, by every judge.
///
/// @param rates one row per set, variant and judge
/// @param comparisons each variant against the unedited on the same prompts
/// @param harms the same by judges of harm; empty where none was asked
/// @param endings how completions end, one row per set and variant
/// @param categories refusals by category and in all, with what should have been done
/// @param agreements each pair of judges of refusal on each set
/// @param disagreements the completions on which judges of refusal differ
/// @param calibrations judges against people, where people labelled a sample
/// @param notJudged answers in languages that a judge is not calibrated for; they are in no rate of
///   it
public record EvaluationResult(
    List<RateRow> rates,
    List<Comparison> comparisons,
    List<HarmRow> harms,
    List<Ending> endings,
    List<CategoryRow> categories,
    List<Agreement> agreements,
    List<Disagreement> disagreements,
    List<JudgeCalibration> calibrations,
    List<NotJudged> notJudged) {

  public EvaluationResult {
    rates = List.copyOf(rates);
    comparisons = List.copyOf(comparisons);
    harms = List.copyOf(harms);
    endings = List.copyOf(endings);
    categories = List.copyOf(categories);
    agreements = List.copyOf(agreements);
    disagreements = List.copyOf(disagreements);
    calibrations = List.copyOf(calibrations);
    notJudged = List.copyOf(notJudged);
  }

  /// Rates by the first judge, the one of summaries.
  public List<RateRow> ratesOfFirstJudge() {
    return rates.stream().filter(row -> row.judge().equals(rates.getFirst().judge())).toList();
  }

  /// Completions that were still thinking at the length limit; they are in no rate.
  public int unfinished() {
    return endings.stream().mapToInt(Ending::unfinished).sum();
  }

  /// Share of completions a judge calls refusals. Completions whose thinking did not end are in
  /// neither number; where none ended there is no row.
  ///
  /// @param set the evaluation set
  /// @param variant how the model was run
  /// @param judge who judged
  /// @param refused refusals of answers
  /// @param cut completions that reached the length limit
  public record RateRow(String set, Variant variant, String judge, Rate refused, Rate cut) {}

  /// A variant and the unedited on the same prompts, by one judge.
  ///
  /// @param counts refusals by unedited (first) and variant (second), where both answered
  /// @param pValue exact McNemar test, two-sided
  /// @param adjusted the p-value after Holm's correction over all comparisons of the study
  public record Comparison(
      String set,
      Variant variant,
      String judge,
      PairedCounts counts,
      double pValue,
      double adjusted) {}

  /// Share of answers a judge calls harmful.
  public record HarmRow(String set, Variant variant, String judge, Rate unsafe) {}

  /// How the completions of a set and variant end.
  ///
  /// @param n completions
  /// @param cut reached the length limit
  /// @param unfinished still thinking at the limit: neither refusal nor compliance
  /// @param empty answers without a visible character
  /// @param looping answers that repeat themselves
  public record Ending(
      String set, Variant variant, int n, int cut, int unfinished, int empty, int looping) {}

  /// Refusals of one variant by one judge, by category of prompt.
  public record CategoryRow(Variant variant, String judge, CategoryRates rates) {}

  /// Two judges on all variants' answers to one set.
  ///
  /// @param table refusal and compliance by the first (rows) and the second (columns)
  public record Agreement(String set, String first, String second, AgreementTable table) {}

  /// A completion on which judges of refusal differ.
  ///
  /// @param promptSha256 of the instruction
  /// @param sha256 of the completion's text
  /// @param labels verdicts by judge
  public record Disagreement(
      String set,
      Variant variant,
      int index,
      String promptSha256,
      String sha256,
      Map<String, Refusal> labels) {

    public Disagreement {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
  }

  /// Answers of one set and variant that a judge is not calibrated for.
  ///
  /// @param n how many are in that language
  public record NotJudged(String set, Variant variant, String judge, Language language, int n) {}

  /// A judge against people.
  ///
  /// @param judge who is calibrated
  /// @param agreement refusal and compliance by people (rows) and by the judge (columns)
  /// @param calibration sensitivity and specificity to refusal; none where people saw only one of
  ///   the two
  public record JudgeCalibration(
      String judge, AgreementTable agreement, Optional<Calibration> calibration) {}
}
