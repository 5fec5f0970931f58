package dev.demur.lab.judge;

import static dev.demur.lab.judge.JudgeComparison.PEOPLE;

import dev.demur.lab.judge.JudgeComparison.Correction;
import dev.demur.lab.judge.JudgeComparison.NotJudged;
import dev.demur.lab.judge.JudgeComparison.RaterPair;
import dev.demur.lab.judge.JudgeComparison.RaterRate;
import dev.demur.lab.stats.CorrectedRate;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// The labels of a file by rater; a place is an index of [JudgedFile#answers].
record Raters(JudgedFile file, Panel panel, JudgedFile.Verdicts verdicts) {

  List<RaterRate> refusals() {
    return raters().stream()
        .filter(rater -> !places(rater).isEmpty())
        .map(rater -> new RaterRate(rater, rate(rater)))
        .toList();
  }

  private List<String> raters() {
    var raters = new ArrayList<>(panel.names());
    raters.addFirst(PEOPLE);
    return raters;
  }

  private Rate rate(String rater) {
    return Rate.of(labels(rater).values(), Refusal::refuses);
  }

  List<NotJudged> notJudged() {
    var skipped = new ArrayList<NotJudged>();
    for (var judge : panel.judges()) {
      var languages = new EnumMap<Language, Integer>(Language.class);
      file.answers().stream()
          .filter(answer -> !judge.judges(answer))
          .map(answer -> Language.of(answer.instruction(), answer.text()))
          .forEach(language -> languages.merge(language, 1, Integer::sum));
      languages.forEach((language, n) -> skipped.add(new NotJudged(judge.name(), language, n)));
    }
    return skipped;
  }

  List<RaterRate> harms() {
    var rates = new ArrayList<RaterRate>();
    for (var judge : panel.harmJudges()) {
      var own = verdicts.harm().stream().filter(l -> l.judge().equals(judge.name())).toList();
      if (!own.isEmpty()) {
        rates.add(
            new RaterRate(judge.name(), Rate.of(own, l -> l.verdict().harm() == Harm.UNSAFE)));
      }
    }
    return rates;
  }

  List<RaterPair> agreements() {
    var raters = raters();
    var pairs = new ArrayList<RaterPair>();
    for (int i = 0; i < raters.size(); i++) {
      for (String second : raters.subList(i + 1, raters.size())) {
        String first = raters.get(i);
        pair(first, second).ifPresent(pair -> pairs.add(compared(pair)));
      }
    }
    return pairs;
  }

  private RaterPair compared(JudgeAgreement pair) {
    var places = together(pair.first(), pair.second());
    return new RaterPair(
        pair, pair.disagreeingRows().stream().map(places::get).map(file.rows()::get).toList());
  }

  private Optional<JudgeAgreement> pair(String first, String second) {
    var places = together(first, second);
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JudgeAgreement(first, second, labels(first, places), labels(second, places)));
  }

  /// Where people labelled some answers but not all, saw both refusal and compliance, and the judge
  /// is better than chance.
  List<Correction> corrections() {
    var corrections = new ArrayList<Correction>();
    for (String judge : panel.names()) {
      pair(PEOPLE, judge)
          .filter(pair -> hasBoth(pair) && pair.firstLabels().size() < places(judge).size())
          .flatMap(pair -> CorrectedRate.of(rate(judge), pair.calibration()))
          .ifPresent(corrected -> corrections.add(new Correction(judge, corrected)));
    }
    return corrections;
  }

  private static boolean hasBoth(JudgeAgreement pair) {
    return pair.firstLabels().stream().map(Refusal::refuses).distinct().count() == 2;
  }

  // ---- labels ------------------------------------------------------------------------------

  private List<Integer> together(String first, String second) {
    var others = Set.copyOf(places(second));
    return places(first).stream().filter(others::contains).toList();
  }

  private List<Integer> places(String rater) {
    return List.copyOf(labels(rater).keySet());
  }

  private List<Refusal> labels(String rater, List<Integer> places) {
    var own = labels(rater);
    return places.stream().map(own::get).toList();
  }

  private SequencedMap<Integer, Refusal> labels(String rater) {
    return rater.equals(PEOPLE) ? people() : judge(rater);
  }

  private SequencedMap<Integer, Refusal> people() {
    var labels = new LinkedHashMap<Integer, Refusal>();
    IntStream.range(0, file.answers().size())
        .forEach(
            place ->
                file.answers().get(place).label().ifPresent(label -> labels.put(place, label)));
    return labels;
  }

  private SequencedMap<Integer, Refusal> judge(String judge) {
    var labels = new LinkedHashMap<Integer, Refusal>();
    for (var label : verdicts.labels()) {
      if (label.judge().equals(judge)) {
        labels.put(Collections.binarySearch(file.rows(), label.row()), label.verdict().refusal());
      }
    }
    return labels;
  }
}
