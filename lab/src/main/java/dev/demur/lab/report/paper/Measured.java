package dev.demur.lab.report.paper;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.Coherence.Change;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.paper.Quantity;
import dev.demur.lab.report.measure.BenchmarkReport;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.DosePoint;
import dev.demur.lab.study.Role;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.Supplement.AttackRow;
import dev.demur.lab.study.Supplement.Measure;
import dev.demur.lab.study.Supplement.SystemSpread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a run measured, by the quantities of published values. Changed by everything added.
final class Measured {

  /// The paper counts refusals by its phrases exactly.
  private static final String JUDGE = SubstringJudge.exact().name();

  private static final String GUARD = "llama-guard-2";
  private static final String CLASSIFIER = "harmbench";

  /// The paper's harmless prompts are Alpaca's; a run has one harmless set.
  private static final String HARMLESS = "harmless";

  private static final String DEFAULT_SYSTEM = "-default-system";

  /// Where a dose of 1 agrees with the score to this much (nats), its interval is the score's: both
  /// ran the same prompts, in another order of additions.
  private static final double SAME_SCORE = 0.01;

  /// The harness' metrics that the paper's settings report.
  private static final Map<String, String> METRICS =
      Map.of(
          "mmlu", "acc",
          "arc_challenge", "acc_norm",
          "winogrande", "acc",
          "gsm8k", "exact_match,strict-match",
          "truthfulqa_mc2", "acc");

  /// The paper's HellaSwag is an estimate from a hundred questions.
  private static final String TINY = "tiny";

  /// A number.
  ///
  /// @param value in the unit of the published one
  /// @param interval 95 %, where there is one
  record Measurement(double value, Optional<Interval> interval) {

    static Measurement of(Rate rate) {
      return new Measurement(rate.share(), Optional.of(rate.wilson(Interval.USUAL_LEVEL)));
    }

    static Measurement exact(double value) {
      return new Measurement(value, Optional.empty());
    }
  }

  private final Map<Quantity, Measurement> numbers = new LinkedHashMap<>();

  private Measured() {}

  /// Everything a study measured.
  static Measured of(StudyResult study) {
    var measured = new Measured();
    measured.addSelection(study);
    measured.addRates(study);
    measured.addSupplement(study);
    measured.addCoherence(study.coherence());
    return measured;
  }

  /// The number of a quantity, if the run has it.
  Optional<Measurement> number(Quantity quantity) {
    return Optional.ofNullable(numbers.get(quantity));
  }

  private void put(String measure, String subject, String variant, Measurement number) {
    numbers.putIfAbsent(new Quantity(measure, subject, variant), number);
  }

  private void addSelection(StudyResult study) {
    put("layers", "direction", "selected", Measurement.exact(study.model().layers()));
    var chosen = study.selection().flatMap(selection -> selection.chosen());
    if (chosen.isPresent()) {
      CandidateScores row = chosen.get();
      put("position", "direction", "selected", Measurement.exact(row.candidate().position()));
      put("layer", "direction", "selected", Measurement.exact(row.candidate().layer()));
      row.bypass()
          .ifPresent(
              score ->
                  put("bypass", "harmful_val", "ablation", scored(study, Variant.ABLATION, score)));
      row.induce()
          .ifPresent(
              score ->
                  put("induce", "harmless_val", "actadd", scored(study, Variant.ADDITION, score)));
      row.kl().ifPresent(kl -> put("kl", "harmless_val", "ablation", Measurement.exact(kl)));
    }
  }

  private static Measurement scored(StudyResult study, Variant variant, double score) {
    var interval =
        study.doses().stream()
            .filter(point -> point.variant().equals(variant) && point.dose() == 1)
            .map(DosePoint::score)
            .filter(estimate -> Math.abs(estimate.mean() - score) < SAME_SCORE)
            .map(estimate -> estimate.interval())
            .findFirst();
    return new Measurement(score, interval);
  }

  private void addRates(StudyResult study) {
    for (var row : study.evaluation().rates()) {
      if (row.judge().equals(JUDGE)) {
        put(
            "refused",
            subject(study, row.set()),
            row.variant().text(),
            Measurement.of(row.refused()));
      }
    }
    boolean system = study.config().prompting().system().isPresent();
    for (var row : study.evaluation().harms()) {
      String subject = subject(study, row.set());
      String variant = row.variant().text();
      if (row.judge().equals(GUARD)) {
        put("safe", subject, variant, Measurement.of(not(row.unsafe())));
      } else if (row.judge().equals(CLASSIFIER)) {
        put(
            "attack_success",
            subject,
            system ? variant + DEFAULT_SYSTEM : variant,
            Measurement.of(row.unsafe()));
      }
    }
  }

  private static String subject(StudyResult study, String set) {
    boolean harmless =
        study.data().sets().stream()
            .anyMatch(s -> s.role() == Role.HARMLESS_EVALUATION && s.name().equals(set));
    return harmless ? HARMLESS : set;
  }

  private static Rate not(Rate rate) {
    return new Rate(rate.n() - rate.successes(), rate.n());
  }

  private void addSupplement(StudyResult study) {
    for (AttackRow row : study.supplement().attacks()) {
      if (row.measure() == Measure.HARMFUL && row.judge().equals(CLASSIFIER)) {
        put(
            "attack_success",
            "harmbench_test",
            row.attack().toLowerCase(Locale.ROOT),
            Measurement.of(row.counts().second()));
      }
    }
    for (SystemSpread spread : study.supplement().systems()) {
      if (spread.judge().equals(CLASSIFIER)) {
        String variant = spread.variant().text();
        var rates = spread.rates();
        put(
            "attack_success_mean",
            spread.set(),
            variant,
            new Measurement(rates.mean(), Optional.of(rates.interval())));
        put("attack_success_sd", spread.set(), variant, Measurement.exact(rates.sd()));
      }
    }
  }

  /// Adds cross-entropies.
  Measured addCoherence(List<Coherence> measured) {
    for (var corpus : measured) {
      String kind = corpus.kind().text();
      for (var row : corpus.variants()) {
        String variant = row.variant().text();
        put("cross_entropy", kind, variant, Measurement.exact(row.loss().perToken()));
        row.change()
            .ifPresent(change -> put("cross_entropy_change", kind, variant, difference(change)));
      }
    }
    return this;
  }

  private static Measurement difference(Change change) {
    return new Measurement(change.difference(), Optional.of(change.interval()));
  }

  /// Adds what benchmarks scored.
  Measured addBenchmark(BenchmarkReport.Document benchmark) {
    for (var line : benchmark.outcomes()) {
      if (line.metric().equals(METRICS.get(line.task()))) {
        String variant = line.variant().text();
        put(
            "accuracy",
            line.task(),
            variant,
            new Measurement(line.mean(), Optional.of(ends(line.low(), line.high()))));
        line.difference()
            .ifPresent(
                difference ->
                    put(
                        "accuracy_change",
                        line.task(),
                        variant,
                        new Measurement(
                            difference,
                            line.differenceLow()
                                .flatMap(
                                    low -> line.differenceHigh().map(high -> ends(low, high))))));
      }
    }
    for (var estimate : benchmark.whole().orElse(List.of())) {
      String task = TINY + estimate.task();
      String variant = estimate.variant().text();
      put("accuracy", task, variant, Measurement.exact(estimate.estimate().mixed()));
      estimate
          .change()
          .ifPresent(change -> put("accuracy_change", task, variant, Measurement.exact(change)));
    }
    return this;
  }

  private static Interval ends(double low, double high) {
    return new Interval(low, high, Interval.USUAL_LEVEL, "as reported");
  }
}
