package dev.demur.lab.report.check;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.AuditResult.Candidate;
import dev.demur.lab.audit.AuditResult.LayerRow;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.ParentResult.KindRow;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.behaviour.AuditFindings;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The page of an audit.
public final class AuditReport {

  /// Smaller probabilities lean on a tail nobody has simulated.
  private static final double LEAST_PROBABILITY = 1e-9;

  private static final List<String> BLIND_SPOTS =
      List.of(
          "Less than about half of a direction removed.",
          "Another direction in each layer, unless wholly removed.",
          "A direction that was reversed (λ = 2).",
          "Fine-tuning after the edit, and fine-tuning that unlearns refusal.");

  private final AuditFindings found;
  private final AuditResult weights;

  private AuditReport(AuditFindings found) {
    this.found = found;
    this.weights = found.weights();
  }

  /// Tells what an audit found.
  public static Report of(AuditFindings found) {
    return new AuditReport(found).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(new Section("findings", "", sentences()));
    sections.add(new Section("weights", "In the weights", List.of(weights())));
    found.parent().ifPresent(parent -> sections.add(against(parent)));
    found.observed().ifPresent(run -> sections.addAll(BehaviourBlocks.sections(run, found.lost())));
    if (!weights.layers().isEmpty()) {
      sections.add(new Section("layers", "By layer", List.of(new Data(layers(), Fold.OPEN))));
    }
    sections.add(
        new Section(
            "blind",
            "Not seen in the weights (measured in docs/audit.md)",
            BLIND_SPOTS.stream().<Block>map(Prose::new).toList()));
    return new Report("Demur audit", weights.model().name(), verdict(), sections);
  }

  private String verdict() {
    return found.verdict() == Verdict.CLEAN
        ? "clean (no mark of an edit)"
        : found.verdict().name().toLowerCase(Locale.ROOT);
  }

  private List<Block> sentences() {
    var blocks = new ArrayList<Block>();
    found.parent().ifPresent(p -> p.sentences().forEach(s -> blocks.add(new Prose(s))));
    weights.sentences().forEach(s -> blocks.add(new Prose(s)));
    return blocks;
  }

  private Card weights() {
    var facts = new ArrayList<Fact>();
    facts.add(fact("False-alarm probability", probability()));
    weights.candidate().ifPresent(candidate -> describe(candidate, facts));
    var agreement = weights.agreement();
    facts.add(
        new Fact(
            "Agreement of writers",
            new Amount(agreement.meanCosine(), Unit.COSINE),
            "mean |cos| between their lowest directions; independent ones: "
                + Numbers.amount(agreement.independent(), Unit.COSINE)));
    found
        .cosine()
        .ifPresent(
            cosine ->
                facts.add(
                    fact(
                        "Parent's direction",
                        "|cos| %s with the most isolated one"
                            .formatted(Numbers.amount(cosine, Unit.COSINE)))));
    return new Card("", facts);
  }

  private String probability() {
    double probability = weights.falseAlarmProbability();
    return probability < LEAST_PROBABILITY
        ? "below " + Numbers.amount(LEAST_PROBABILITY, Unit.ENERGY)
        : Numbers.amount(probability, Unit.ENERGY);
  }

  private void describe(Candidate candidate, List<Fact> facts) {
    facts.add(fact("Most isolated direction", "in " + candidate.pool().text()));
    facts.add(
        new Fact(
            "Left along it",
            new Amount(candidate.energy(), Unit.ENERGY),
            "of an average direction's energy; next: "
                + Numbers.amount(candidate.usual(), Unit.ENERGY)
                + candidate
                    .residue()
                    .map(type -> "; as after rounding to " + type.name())
                    .orElse("")));
    if (weights.verdict() != Verdict.CLEAN) { // of no edit there is no strength
      var strength = candidate.strength();
      facts.add(
          new Fact(
              "Strength λ",
              new Amount(strength.estimate(), Unit.RATIO),
              "%s to %s, for what was there is not known"
                  .formatted(
                      Numbers.amount(strength.low(), Unit.RATIO),
                      Numbers.amount(strength.high(), Unit.RATIO))));
    }
    facts.add(fact("Embeddings", embeddings()));
  }

  private String embeddings() {
    return weights.matrices().stream()
        .filter(m -> m.component().equals("embedding"))
        .map(m -> m.tensor() + ": " + Numbers.amount(m.energy(), Unit.ENERGY) + " along it")
        .collect(Collectors.joining("; "));
  }

  private static Fact fact(String name, String value) {
    return new Fact(name, new Text(value), "");
  }

  private static Section against(ParentResult parent) {
    var kinds =
        Table.of(
            "kinds",
            "",
            parent.kinds(),
            text("kind", "Tensors", KindRow::kind),
            count("changed", "Changed", KindRow::changed),
            count("tensors", "of", KindRow::tensors),
            number("largest", "Largest change, of its size", Unit.ENERGY, KindRow::largest));
    String along =
        "Writers changed along directions with mean |cos| %s (independent ones: %s); common one: λ = %s%s."
            .formatted(
                Numbers.amount(parent.agreement(), Unit.COSINE),
                Numbers.amount(parent.independent(), Unit.COSINE),
                Numbers.amount(parent.strength(), Unit.RATIO),
                parent
                    .cosine()
                    .map(c -> ", |cos| with the parent's direction " + cosine(c))
                    .orElse(""));
    return new Section(
        "parent",
        "Against the parent, " + parent.parent(),
        List.of(new Data(kinds, Fold.OPEN), new Prose(along)));
  }

  private static String cosine(double value) {
    return Numbers.amount(value, Unit.COSINE);
  }

  private Table layers() {
    return Table.of(
        "layers",
        "",
        weights.layers(),
        ordinal("layer", "Layer", LayerRow::layer),
        text("writer", "Writer", LayerRow::component),
        number("lowest", "Lowest", Unit.ENERGY, LayerRow::bottomEnergy),
        number("next", "Next", Unit.ENERGY, LayerRow::secondEnergy),
        number("along", "Along it", Unit.ENERGY, LayerRow::energy),
        numberOr(
            "cosine",
            "|cos| of lowest with it",
            Unit.COSINE,
            LayerRow::cosine,
            "no one lowest direction"));
  }
}
