package dev.demur.app.command.audit;

import dev.demur.app.cli.PrintedJson;
import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.AuditResult.Candidate;
import dev.demur.lab.audit.AuditResult.LayerRow;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.behaviour.Behaviour;
import dev.demur.lab.behaviour.BehaviourRun;
import dev.demur.lab.behaviour.LostShare;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the audit command prints.
///
/// @param result what was found in the checkpoint alone
/// @param cosine how much of the direction given lies in the one found
/// @param parent what was found against its parent
/// @param observed what it does, if it was run
record AuditSummary(
    AuditResult result,
    Optional<Double> cosine,
    Optional<ParentResult> parent,
    Optional<BehaviourRun> observed) {

  /// Smaller probabilities lean on a tail nobody has simulated.
  private static final double LEAST_PROBABILITY = 1e-9;

  private static final String BLIND_SPOTS =
      """
      Not seen in the weights: less than about half of a direction removed; another direction in each
      layer, unless wholly removed; twice as much as was there taken away (λ = 2); fine-tuning after
      the edit, and fine-tuning that unlearns refusal. Measured in docs/audit.md.
      """;

  /// One page for people.
  String text() {
    var text = new Formatter(Locale.ROOT);
    text.format("%s: %s%n", result.model().name(), verdictInWords());
    parent.ifPresent(p -> p.sentences().forEach(sentence -> text.format("  %s%n", sentence)));
    result.sentences().forEach(sentence -> text.format("  %s%n", sentence));
    text.format("%n");
    text.format("  False-alarm probability  %s%n", probability(result.falseAlarmProbability()));
    result.candidate().ifPresent(candidate -> describe(text, candidate));
    var agreement = result.agreement();
    text.format(
        "  Agreement of writers     mean |cos| %.2f between their lowest directions (independent"
            + " ones: %.2f)%n",
        agreement.meanCosine(), agreement.independent());
    cosine.ifPresent(
        c -> text.format("  Parent's direction       |cos| %.3f with the most isolated one%n", c));
    parent.ifPresent(p -> describe(text, p));
    observed.ifPresent(o -> new BehaviourPage(o.behaviour(), lost(), o.restored()).print(text));
    if (!result.layers().isEmpty()) {
      table(text);
    }
    return text.format("%n%s", BLIND_SPOTS).toString();
  }

  /// For programs: everything found, in snake case.
  String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("verdict", verdict());
    all.put("false_alarm_probability", result.falseAlarmProbability());
    all.put("cosine_with_given", cosine);
    all.put("audit", result);
    all.put("parent", parent);
    all.put("behaviour", observed.map(BehaviourRun::behaviour));
    all.put("direction_lost", lost());
    all.put("restored", observed.map(BehaviourRun::restored).orElse(List.of()));
    return PrintedJson.of(all);
  }

  /// How much of the parent's direction is gone, when weights and streams were both compared.
  private Optional<LostShare> lost() {
    var gap =
        observed
            .map(BehaviourRun::behaviour)
            .flatMap(Behaviour::parent)
            .flatMap(Behaviour.Beside::gap);
    return parent.flatMap(p -> gap.map(g -> LostShare.of(p, g)));
  }

  /// The more serious of the two.
  Verdict verdict() {
    var alone = result.verdict();
    return parent.map(ParentResult::verdict).filter(v -> v.atLeast(alone)).orElse(alone);
  }

  private String verdictInWords() {
    return verdict() == Verdict.CLEAN
        ? "clean (no mark of an edit)"
        : verdict().name().toLowerCase(Locale.ROOT);
  }

  private static void describe(Formatter text, ParentResult parent) {
    text.format("%n");
    text.format("  Against the parent, %s:%n", parent.parent());
    for (var kind : parent.kinds()) {
      text.format(
          "    %-17s %d of %d changed, at most by %s of their size%n",
          kind.kind(), kind.changed(), kind.tensors(), number(kind.largest()));
    }
    text.format(
        "    writers changed along directions with mean |cos| %.2f (independent ones: %.2f);"
            + " common one: λ = %.2f%s%n",
        parent.agreement(),
        parent.independent(),
        parent.strength(),
        parent
            .cosine()
            .map(c -> String.format(Locale.ROOT, ", |cos| with the parent's direction %.3f", c))
            .orElse(""));
  }

  private void describe(Formatter text, Candidate candidate) {
    text.format("  Most isolated direction  in %s%n", candidate.pool().text());
    text.format(
        "  Left along it            %s of an average direction's energy (next: %s)%s%n",
        number(candidate.energy()),
        number(candidate.usual()),
        candidate.residue().map(r -> ", as after rounding to " + r.name()).orElse(""));
    if (result.verdict() != Verdict.CLEAN) { // of no edit there is no strength
      var strength = candidate.strength();
      text.format(
          "  Strength λ               %.2f (%.2f to %.2f, for what was there is not known)%n",
          strength.estimate(), strength.low(), strength.high());
    }
    text.format("  Embeddings               %s%n", embeddings());
  }

  private String embeddings() {
    return result.matrices().stream()
        .filter(m -> m.component().equals("embedding"))
        .map(m -> m.tensor() + ": " + number(m.energy()) + " along it")
        .collect(Collectors.joining("; "));
  }

  private void table(Formatter text) {
    text.format("%n");
    text.format("  layer  writer       lowest      next  along it  |cos| of lowest with it%n");
    for (LayerRow row : result.layers()) {
      text.format(
          "  %5d  %-9s %9s %9s %9s  %s%n",
          row.layer(),
          row.component(),
          number(row.bottomEnergy()),
          number(row.secondEnergy()),
          number(row.energy()),
          row.cosine().map(c -> String.format(Locale.ROOT, "%.2f", c)).orElse("-"));
    }
  }

  private static String probability(double probability) {
    return probability < LEAST_PROBABILITY
        ? "below " + number(LEAST_PROBABILITY)
        : number(probability);
  }

  private static String number(double value) {
    if (value == 0 || value >= 0.001) {
      return String.format(Locale.ROOT, "%.3f", value);
    }
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
