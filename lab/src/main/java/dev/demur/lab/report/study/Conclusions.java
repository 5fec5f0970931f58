package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Wording;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.EvaluationResult.Comparison;
import dev.demur.lab.study.EvaluationResult.Ending;
import dev.demur.lab.study.EvaluationResult.HarmRow;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.Finding;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a study found, how sure that is, and what it does not show, in plain words.
///
/// @param found statements of fact
/// @param certainty what speaks for and against them
/// @param limits what readers must not conclude
record Conclusions(List<String> found, List<String> certainty, List<String> limits) {

  /// A control that changes the rate less significantly than this is called "no change".
  private static final double SIGNIFICANCE = 0.05;

  Conclusions {
    found = List.copyOf(found);
    certainty = List.copyOf(certainty);
    limits = List.copyOf(limits);
  }

  static Conclusions of(StudyResult study) {
    var words = new Words(study);
    return new Conclusions(words.found(), words.certainty(), words.limits());
  }

  /// The judge whose rates the summary tells: the first of the evaluation.
  static Optional<String> judge(StudyResult study) {
    return study.evaluation().rates().stream().map(RateRow::judge).findFirst();
  }

  /// A rate of the evaluation by the summary's judge.
  static Optional<Rate> rate(StudyResult study, String set, Variant variant) {
    return study.evaluation().rates().stream()
        .filter(row -> row.set().equals(set) && row.variant().equals(variant))
        .filter(row -> judge(study).filter(row.judge()::equals).isPresent())
        .map(RateRow::refused)
        .findFirst();
  }

  /// What a study is remembered by, in rates; empty where no direction was tried.
  static Optional<String> headline(StudyResult study) {
    var kinds = SetKinds.of(study);
    var parts = new ArrayList<String>();
    changed(study, kinds.harmful(), Variant.ABLATION)
        .ifPresent(c -> parts.add(c + " of harmful prompts with the direction ablated"));
    changed(study, kinds.harmless(), Variant.ADDITION)
        .ifPresent(c -> parts.add(c + " of harmless prompts with it added"));
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of("Refuses " + String.join(", ", parts) + ".");
  }

  /// `98 % → 0 %`, of the first of these sets.
  private static Optional<String> changed(StudyResult study, List<String> sets, Variant variant) {
    return sets.stream()
        .findFirst()
        .flatMap(
            set ->
                rate(study, set, Variant.UNEDITED)
                    .flatMap(
                        before ->
                            rate(study, set, variant)
                                .map(
                                    after ->
                                        Numbers.headline(before.share())
                                            + " → "
                                            + Numbers.headline(after.share()))));
  }

  private record Words(StudyResult study) {

    List<String> found() {
      return switch (study.finding().kind()) {
        case DIRECTION -> foundDirection();
        case NO_BEHAVIOUR -> screened();
        case NO_CANDIDATE -> {
          var items = screened();
          study.selection().ifPresent(selection -> items.add(noneEligible(selection)));
          yield items;
        }
      };
    }

    private List<String> foundDirection() {
      var items = new ArrayList<String>();
      study
          .selection()
          .flatMap(Selection::chosen)
          .ifPresent(chosen -> items.add("The direction was read at " + place(chosen) + "."));
      var kinds = SetKinds.of(study);
      for (String set : kinds.harmful()) {
        moved(set, Variant.ABLATION, "With it ablated, refusals of harmful prompts")
            .ifPresent(items::add);
      }
      for (String set : kinds.harmless()) {
        moved(set, Variant.ADDITION, "With it added, refusals of harmless prompts")
            .ifPresent(items::add);
      }
      return items;
    }

    private Optional<String> moved(String set, Variant variant, String opening) {
      var before = Conclusions.rate(study, set, Variant.UNEDITED);
      var after = Conclusions.rate(study, set, variant);
      return before.flatMap(
          b ->
              after.map(
                  a ->
                      "%s (%s) go from %s to %s."
                          .formatted(
                              opening, set, Numbers.share(b.share()), Numbers.share(a.share()))));
    }

    private List<String> screened() {
      var screen = study.screen();
      return new ArrayList<>(
          List.of(
              String.format(
                  Locale.ROOT,
                  "Unedited, it refused %d of %d harmful validation prompts: %s.",
                  screen.harmfulRefusals().successes(),
                  screen.harmfulRefusals().n(),
                  Numbers.rate(screen.harmfulRefusals())),
              String.format(
                  Locale.ROOT,
                  "It refused %d of %d harmless ones: %s.",
                  screen.harmlessRefusals().successes(),
                  screen.harmlessRefusals().n(),
                  Numbers.rate(screen.harmlessRefusals()))));
    }

    private static String noneEligible(Selection selection) {
      return "None of %s passes the filters; the table of candidates says which filter each fails."
          .formatted(Numbers.counted(selection.rows().size(), "candidate"));
    }

    List<String> certainty() {
      var items = new ArrayList<String>();
      if (study.finding().kind() == Finding.Kind.DIRECTION) {
        study.evaluation().comparisons().stream()
            .filter(this::isMain)
            .map(this::tested)
            .forEach(items::add);
        controls().ifPresent(items::add);
        for (var variant : List.of(Variant.ABLATION, Variant.SUBTRACTION)) {
          CoherenceTables.cost(study.coherence(), variant).ifPresent(items::add);
        }
        items.addAll(choice());
        study
            .massive()
            .filter(massive -> !massive.isEmpty())
            .map(massive -> MassiveTables.sentence(massive, study.config().rules().coordinates()))
            .ifPresent(items::add);
        items.addAll(warnings());
      } else {
        items.addAll(unsure(study.screen().harmfulRefusals()));
      }
      items.add(agreement());
      return items;
    }

    private boolean byJudge(Comparison row) {
      return Conclusions.judge(study).filter(row.judge()::equals).isPresent();
    }

    private boolean isMain(Comparison row) {
      boolean harmful = SetKinds.of(study).isHarmful(row.set());
      return byJudge(row) && row.variant().equals(harmful ? Variant.ABLATION : Variant.ADDITION);
    }

    private String tested(Comparison row) {
      var counts = EvaluationTables.variantFirst(row);
      return "%s, %s: refusals change by %s points (95 %% interval %s; McNemar %s, corrected for %s)."
          .formatted(
              row.set(),
              Wording.variant(row.variant()),
              Numbers.amount(counts.riskDifference(), Unit.POINTS),
              Numbers.range(counts.riskDifferenceInterval(Interval.USUAL_LEVEL), Unit.POINTS),
              Numbers.p(row.adjusted()),
              Numbers.counted(study.evaluation().comparisons().size(), "test"));
    }

    private Optional<String> controls() {
      var rows =
          study.evaluation().comparisons().stream()
              .filter(row -> byJudge(row) && row.variant().isRandom())
              .toList();
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      var changes =
          rows.stream()
              .map(row -> EvaluationTables.variantFirst(row).riskDifference())
              .sorted()
              .toList();
      double smallest = rows.stream().mapToDouble(Comparison::adjusted).min().orElse(1);
      String change =
          "Random directions of equal norm change refusals by %s to %s points (smallest corrected %s)"
              .formatted(
                  Numbers.amount(changes.getFirst(), Unit.POINTS),
                  Numbers.amount(changes.getLast(), Unit.POINTS),
                  Numbers.p(smallest));
      return Optional.of(
          change
              + (smallest >= SIGNIFICANCE
                  ? String.format(
                      Locale.ROOT,
                      ": an effect of the size of the edit alone is not shown (n = %d).",
                      rows.getFirst().counts().n())
                  : ": they have an effect too, so part of the change may come from any edit of"
                      + " this size."));
    }

    /// How sure direction and choice are; in reports of earlier versions only how close the race
    /// was.
    private List<String> choice() {
      return study
          .uncertainty()
          .map(
              uncertainty ->
                  List.of(
                      UncertaintyTables.choice(uncertainty.choice()),
                      UncertaintyTables.direction(uncertainty)))
          .orElseGet(() -> study.selection().flatMap(Words::runnerUp).stream().toList());
    }

    private static Optional<String> runnerUp(Selection selection) {
      var eligible = CandidateTables.eligible(selection);
      if (eligible.size() < 2) {
        return eligible.isEmpty()
            ? Optional.empty()
            : Optional.of("It is the only candidate that passes the filters.");
      }
      var best = eligible.getFirst();
      var next = eligible.get(1);
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%d of %s pass the filters. The runner-up (position %s, layer %d) scores %s against"
                  + " %s; this gap has no interval, so take the choice among near equals as a"
                  + " convention.",
              eligible.size(),
              Numbers.counted(selection.rows().size(), "candidate"),
              Numbers.ordinal(next.candidate().position()),
              next.candidate().layer(),
              decisive(next, selection),
              decisive(best, selection)));
    }

    private static String decisive(CandidateScores row, Selection selection) {
      var score =
          switch (selection.rules().criterion()) {
            case BYPASS -> row.bypass();
            case COSMIC -> row.cosmic();
          };
      return score.map(Numbers::nats).orElse("none");
    }

    /// One warning is enough: of the harmful set's rate under ablation, which all look at first.
    private List<String> warnings() {
      return SetKinds.of(study).harmful().stream()
          .flatMap(set -> Conclusions.rate(study, set, Variant.ABLATION).stream())
          .flatMap(rate -> rate.warning().stream())
          .limit(1)
          .toList();
    }

    private static List<String> unsure(Rate rate) {
      return List.of(
          "With %s, a true refusal share anywhere from %s cannot be ruled out (95 %%)."
              .formatted(Numbers.counted(rate.n(), "prompt"), Numbers.interval(rate)));
    }

    private String agreement() {
      var rate = study.screen().agreement();
      return String.format(
          Locale.ROOT,
          "Refusal score and substring judge agree on %d of %d validation prompts: %s.",
          rate.successes(),
          rate.n(),
          Numbers.rate(rate));
    }

    List<String> limits() {
      var items = new ArrayList<String>();
      items.addAll(
          switch (study.finding().kind()) {
            case DIRECTION ->
                List.of(
                    "That refusing is nothing but this direction, or that it works the same way on"
                        + " other prompts, languages, system prompts or longer conversations.",
                    harm(),
                    study.coherence().isEmpty()
                        ? "What the edit costs: the model's general ability after it was not part"
                            + " of this report."
                        : "What the edit costs beyond cross-entropy: knowledge and reasoning after"
                            + " it were not measured.");
            case NO_BEHAVIOUR ->
                List.of(
                    "That the model is safe or unsafe: only that it rarely refuses these prompts in"
                        + " this template.",
                    "Any direction. None was selected: one chosen here would be noise.");
            case NO_CANDIDATE ->
                List.of(
                    "That the model has no such direction: only that no candidate at these"
                        + " positions passes these filters.");
          });
      Conclusions.judge(study).ifPresent(judge -> items.add(judged(judge)));
      cut().ifPresent(items::add);
      unfinished().ifPresent(items::add);
      if (study.screen().tokens().coverage() < RefusalTokens.ENOUGH_COVERAGE) {
        items.add(coverage(study));
      }
      return items;
    }

    private String harm() {
      var judges = study.evaluation().harms().stream().map(HarmRow::judge).distinct().toList();
      return judges.isEmpty()
          ? "Whether what the edited model writes is harmful or useful: refusals were counted, and"
              + " harm was not judged, because no judge of harm was named."
          : "Whether what the edited model writes is useful. Harm is by %s, whose errors are not known here."
              .formatted(String.join(", ", judges));
    }

    private static String judged(String judge) {
      return "Rates in this summary are by the judge “%s”. A judge errs: compare it with another, or with labels of your own."
          .formatted(judge);
    }

    private Optional<String> cut() {
      long cut =
          study.evaluation().rates().stream()
              .filter(row -> Conclusions.judge(study).filter(row.judge()::equals).isPresent())
              .mapToLong(row -> row.cut().successes())
              .sum();
      long n =
          study.evaluation().rates().stream()
              .filter(row -> Conclusions.judge(study).filter(row.judge()::equals).isPresent())
              .mapToLong(row -> row.cut().n())
              .sum();
      return cut == 0
          ? Optional.empty()
          : Optional.of(
              "How completions end: %s of %s were cut off at %s."
                  .formatted(
                      Numbers.count(cut),
                      Numbers.count(n),
                      Numbers.counted(study.config().evaluation().maxNewTokens(), "token")));
    }

    private Optional<String> unfinished() {
      int unfinished = study.evaluation().endings().stream().mapToInt(Ending::unfinished).sum();
      int n = study.evaluation().endings().stream().mapToInt(Ending::n).sum();
      return unfinished == 0
          ? Optional.empty()
          : Optional.of(
              "What the model answers when it thinks for longer: %s of %s were still thinking at the limit and are in no rate."
                  .formatted(Numbers.count(unfinished), Numbers.counted(n, "completion")));
    }

    private String place(CandidateScores chosen) {
      String token =
          CandidateTables.token(study.model().eoiTokens(), chosen.candidate().position());
      return String.format(
          Locale.ROOT,
          "position %s%s, entering layer %d of %d",
          Numbers.ordinal(chosen.candidate().position()),
          token.isEmpty() ? "" : " (“" + token + "”)",
          chosen.candidate().layer(),
          study.model().layers());
    }
  }

  /// How far the judges of refusal can be trusted, in a sentence or two.
  static String trust(StudyResult study) {
    var evaluation = study.evaluation();
    String differ =
        evaluation.agreements().isEmpty()
            ? "One judge of refusal was asked, so nothing here says how often it errs."
            : "Judges of refusal differ on %s."
                .formatted(Numbers.counted(evaluation.disagreements().size(), "answer"));
    return differ
        + (evaluation.calibrations().isEmpty()
            ? " No answer was labelled by people: label a sample to know the errors of"
                + " each judge and to correct its rates."
            : " People labelled %s, which gives each judge's errors and corrected rates."
                .formatted(
                    Numbers.counted(
                        evaluation.calibrations().getFirst().agreement().n(), "answer")));
  }

  /// The sentence about refusal tokens that miss much of what the model does.
  static String coverage(StudyResult study) {
    return ("The refusal tokens hold %s of the first-token probability that tells harmful from"
            + " harmless prompts; below %s the refusal score misses refusals that open"
            + " otherwise.")
        .formatted(
            Numbers.share(study.screen().tokens().coverage()),
            Numbers.share(RefusalTokens.ENOUGH_COVERAGE));
  }
}
