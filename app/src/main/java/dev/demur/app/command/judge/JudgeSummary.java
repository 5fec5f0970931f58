package dev.demur.app.command.judge;

import dev.demur.app.cli.ShownRate;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.HarmLabel;
import dev.demur.lab.judge.JudgeAgreement;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.stats.Calibration;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// What `demur judge` prints.
///
/// @param file the answers
/// @param panel who judged
/// @param verdicts what they said
record JudgeSummary(JudgedFile file, Panel panel, JudgedFile.Verdicts verdicts) {

  private static final String PEOPLE = "people";

  /// Room for the longest judge's name.
  private static final int NAME_WIDTH = 22;

  // ---- for people --------------------------------------------------------------------------

  String text() {
    var text = new StringBuilder();
    if (file.unfinished() > 0) {
      text.append(
          "%d completions were cut while still thinking; they are neither refusals nor compliance.%n"
              .formatted(file.unfinished()));
    }
    if (file.answers().isEmpty()) {
      return text.append("There is no answer to judge.\n").toString();
    }
    text.append("Refused, full or partial (95 % Wilson interval)\n");
    refusals().forEach((name, rate) -> text.append(new ShownRate(rate).line(name, NAME_WIDTH)));
    notJudged().forEach(skipped -> text.append(skipped.line()));
    if (!panel.harmJudges().isEmpty()) {
      text.append("\nHarmful (95 % Wilson interval)\n");
      harms().forEach((name, rate) -> text.append(new ShownRate(rate).line(name, NAME_WIDTH)));
    }
    pairs().forEach(pair -> text.append(agreement(pair)));
    corrections().forEach((judge, correction) -> text.append(correction.line(judge)));
    return text.toString();
  }

  /// Answers in a language that a judge is not calibrated for.
  private record NotJudged(String judge, Language language, int n, int of) {

    String line() {
      return String.format(
          Locale.ROOT,
          "  %-" + NAME_WIDTH + "s not judged: no calibrated judge for %s (%d of %d answers)%n",
          judge,
          language.title(),
          n,
          of);
    }

    Map<String, Object> values() {
      var values = new LinkedHashMap<String, Object>();
      values.put("judge", judge);
      values.put("language", language.code());
      values.put("n", n);
      return values;
    }
  }

  private static String agreement(JudgeAgreement pair) {
    var table = pair.refusalOrNot();
    return String.format(
        Locale.ROOT,
        "%n%s and %s agree on %.1f %% of %d (kappa %.3f, AC1 %.3f), differ on %d%n",
        pair.first(),
        pair.second(),
        100 * table.agreement().share(),
        table.n(),
        table.kappa(),
        table.ac1(),
        pair.disagreeingRows().size());
  }

  /// A judge's rate as people would have counted it.
  private record Correction(Calibration calibration, double corrected, Interval interval) {

    String line(String judge) {
      return String.format(
          Locale.ROOT,
          "%n%s by people's labels: sensitivity %.1f %%, specificity %.1f %%; corrected rate"
              + " %.1f %% (95 %% interval %s)%n",
          judge,
          100 * calibration.sensitivity().share(),
          100 * calibration.specificity().share(),
          100 * corrected,
          interval.asPercent());
    }

    Map<String, Object> values(String judge) {
      var values = new LinkedHashMap<String, Object>();
      values.put("judge", judge);
      values.put("sensitivity", calibration.sensitivity().share());
      values.put("specificity", calibration.specificity().share());
      values.put("corrected", corrected);
      values.put("low", interval.low());
      values.put("high", interval.high());
      return values;
    }
  }

  // ---- for programs ------------------------------------------------------------------------

  String json() {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("unfinished", file.unfinished());
    summary.put("rates", rows(refusals()));
    summary.put("not_judged", notJudged().stream().map(NotJudged::values).toList());
    summary.put("harms", rows(harms()));
    summary.put("agreements", pairs().stream().map(this::values).toList());
    var corrections = new ArrayList<Map<String, Object>>();
    corrections().forEach((judge, correction) -> corrections.add(correction.values(judge)));
    summary.put("corrections", corrections);
    return JsonMapper.shared().writeValueAsString(summary) + "\n";
  }

  private static List<Map<String, Object>> rows(SequencedMap<String, Rate> rates) {
    var rows = new ArrayList<Map<String, Object>>();
    rates.forEach(
        (rater, rate) -> {
          var row = new LinkedHashMap<String, Object>();
          row.put("rater", rater);
          row.putAll(new ShownRate(rate).values());
          rows.add(row);
        });
    return rows;
  }

  private Map<String, Object> values(JudgeAgreement pair) {
    var table = pair.refusalOrNot();
    var rows = compared(pair.first(), pair.second());
    var row = new LinkedHashMap<String, Object>();
    row.put("first", pair.first());
    row.put("second", pair.second());
    row.put("n", table.n());
    row.put("agreement", table.agreement().share());
    row.put("kappa", table.kappa());
    row.put("ac1", table.ac1());
    row.put(
        "differing_rows",
        pair.disagreeingRows().stream().map(i -> file.rows().get(rows.get(i))).toList());
    return row;
  }

  // ---- the numbers -------------------------------------------------------------------------

  private SequencedMap<String, Rate> refusals() {
    var rates = new LinkedHashMap<String, Rate>();
    if (!labelled().isEmpty()) {
      rates.put(PEOPLE, Rate.of(people(), Refusal::refuses));
    }
    for (String judge : panel.names()) {
      if (!judged(judge).isEmpty()) {
        rates.put(judge, Rate.of(labels(judge, judged(judge)), Refusal::refuses));
      }
    }
    return rates;
  }

  private List<NotJudged> notJudged() {
    var skipped = new ArrayList<NotJudged>();
    for (var judge : panel.judges()) {
      var languages = new EnumMap<Language, Integer>(Language.class);
      file.answers().stream()
          .filter(answer -> !judge.judges(answer))
          .forEach(
              answer ->
                  languages.merge(
                      Language.of(answer.instruction(), answer.text()), 1, Integer::sum));
      languages.forEach(
          (language, n) ->
              skipped.add(new NotJudged(judge.name(), language, n, file.answers().size())));
    }
    return skipped;
  }

  private SequencedMap<String, Rate> harms() {
    var rates = new LinkedHashMap<String, Rate>();
    for (var judge : panel.harmJudges()) {
      var own = verdicts.harm().stream().filter(l -> l.judge().equals(judge.name())).toList();
      if (!own.isEmpty()) {
        rates.put(judge.name(), Rate.of(own, JudgeSummary::isHarmful));
      }
    }
    return rates;
  }

  private static boolean isHarmful(HarmLabel label) {
    return label.verdict().harm() == Harm.UNSAFE;
  }

  /// Each judge with people on the rows they labelled, then judges with each other, where both
  /// raters saw an answer.
  private List<JudgeAgreement> pairs() {
    var raters = new ArrayList<>(panel.names());
    raters.addFirst(PEOPLE);
    var pairs = new ArrayList<JudgeAgreement>();
    for (int i = 0; i < raters.size(); i++) {
      for (String second : raters.subList(i + 1, raters.size())) {
        pair(raters.get(i), second).ifPresent(pairs::add);
      }
    }
    return pairs;
  }

  private Optional<JudgeAgreement> pair(String first, String second) {
    var places = compared(first, second);
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JudgeAgreement(first, second, labels(first, places), labels(second, places)));
  }

  /// Corrected rates, where people labelled some answers but not all, saw both refusal and
  /// compliance, and the judge is better than chance.
  private SequencedMap<String, Correction> corrections() {
    var corrections = new LinkedHashMap<String, Correction>();
    for (String judge : panel.names()) {
      var pair = pair(PEOPLE, judge).filter(JudgeSummary::hasBoth);
      if (pair.isPresent() && pair.get().firstLabels().size() < judged(judge).size()) {
        var calibration = pair.get().calibration();
        var apparent = Rate.of(labels(judge, judged(judge)), Refusal::refuses);
        if (calibration.isInformative()) {
          corrections.put(
              judge,
              new Correction(
                  calibration,
                  calibration.correct(apparent),
                  calibration.interval(apparent, Interval.USUAL_LEVEL)));
        }
      }
    }
    return corrections;
  }

  private static boolean hasBoth(JudgeAgreement pair) {
    return pair.firstLabels().stream().map(Refusal::refuses).distinct().count() == 2;
  }

  private List<Integer> labelled() {
    return IntStream.range(0, file.answers().size())
        .filter(i -> file.answers().get(i).label().isPresent())
        .boxed()
        .toList();
  }

  private List<Refusal> people() {
    return file.answers().stream().map(Completion::label).flatMap(Optional::stream).toList();
  }

  /// Places of the answers that a judge, or people, labelled.
  private List<Integer> judged(String rater) {
    return rater.equals(PEOPLE) ? labelled() : List.copyOf(labels(rater).keySet());
  }

  private List<Integer> compared(String first, String second) {
    var others = Set.copyOf(judged(second));
    return judged(first).stream().filter(others::contains).toList();
  }

  private List<Refusal> labels(String rater, List<Integer> places) {
    if (rater.equals(PEOPLE)) {
      return places.stream().map(i -> file.answers().get(i).label().orElseThrow()).toList();
    }
    var own = labels(rater);
    return places.stream().map(own::get).toList();
  }

  private SequencedMap<Integer, Refusal> labels(String judge) {
    var labels = new LinkedHashMap<Integer, Refusal>();
    for (var label : verdicts.labels()) {
      if (label.judge().equals(judge)) {
        labels.put(Collections.binarySearch(file.rows(), label.row()), label.verdict().refusal());
      }
    }
    return labels;
  }
}
