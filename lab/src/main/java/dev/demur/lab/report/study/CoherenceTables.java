package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.orMissing;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.Coherence.Change;
import dev.demur.lab.coherence.Coherence.Stretch;
import dev.demur.lab.coherence.Coherence.VariantRow;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What interventions cost on text, as tables and as a sentence.
final class CoherenceTables {

  private static final String UNEDITED = "unedited";

  private CoherenceTables() {}

  /// Cross-entropy of every corpus and variant.
  ///
  /// @param id of the table
  static Table losses(String id, List<Coherence> measured) {
    var rows = new ArrayList<OnCorpus>();
    for (var corpus : measured) {
      corpus.variants().forEach(row -> rows.add(new OnCorpus(corpus, row)));
    }
    return Table.of(
        id,
        "Cross-entropy in nats per token, and how it differs from the unedited model's on the same"
            + " text, with the 95 % interval by resampling texts. KL: mean divergence of the"
            + " next-token distributions from the unedited model's along its own answers.",
        rows,
        text("corpus", "Text", r -> r.corpus().corpus()),
        text("counted", "Counted", r -> counted(r.corpus().kind())),
        code("variant", "Variant", r -> r.row().variant().text()),
        count("texts", "Texts", r -> r.row().loss().texts()),
        count("tokens", "Tokens", r -> r.row().loss().tokens()),
        number("cross_entropy", "Cross-entropy", Unit.LOSS, r -> r.row().loss().perToken()),
        numberOr("difference", "Difference", Unit.LOSS, r -> r.difference(), UNEDITED),
        rangeOr("difference_interval", "95 % interval", Unit.LOSS, r -> r.interval(), UNEDITED),
        cell(Column.number("kl", "KL"), OnCorpus::divergence));
  }

  /// A variant on a corpus.
  private record OnCorpus(Coherence corpus, VariantRow row) {

    Optional<Double> difference() {
      return row.change().map(Change::difference);
    }

    Optional<Interval> interval() {
      return row.change().map(Change::interval);
    }

    Cell divergence() {
      return orMissing(
          row.change().flatMap(Change::divergence).map(kl -> new Amount(kl, Unit.KL)),
          row.change().isEmpty() ? UNEDITED : "own answers only");
    }
  }

  /// How far the variants diverge along the unedited model's answers.
  static Table divergence(List<Coherence> measured) {
    var rows = new ArrayList<Along>();
    for (var corpus : measured) {
      for (var variant : corpus.variants()) {
        for (var part : variant.change().map(Change::along).orElse(List.of())) {
          rows.add(new Along(corpus.corpus(), variant.variant(), part));
        }
      }
    }
    return Table.of(
        "divergence",
        "Mean KL divergence (unedited against edited, nats per token) by how far into the answer"
            + " the token is. The KL score of the selection sees the first token only.",
        rows,
        text("corpus", "Text", Along::corpus),
        code("variant", "Variant", r -> r.variant().text()),
        count("from", "From token", r -> r.part().from()),
        count("to", "To token", r -> r.part().to()),
        count("tokens", "Tokens", r -> r.part().tokens()),
        number("kl", "KL", Unit.KL, r -> r.part().divergence()));
  }

  private record Along(String corpus, Variant variant, Stretch part) {}

  /// What is said of a variant in a summary, by the first corpus.
  static Optional<String> cost(List<Coherence> measured, Variant variant) {
    return measured.stream()
        .findFirst()
        .flatMap(
            corpus ->
                corpus.variants().stream()
                    .filter(row -> row.variant().equals(variant))
                    .findFirst()
                    .flatMap(VariantRow::change)
                    .map(change -> sentence(corpus, variant, change)));
  }

  private static String sentence(Coherence corpus, Variant variant, Change change) {
    return "%s (%s), %s: cross-entropy changes by %s nats per token (95 %% interval %s)."
        .formatted(
            corpus.corpus(),
            counted(corpus.kind()),
            Wording.variant(variant),
            Numbers.amount(change.difference(), Unit.LOSS),
            Numbers.range(change.interval(), Unit.LOSS));
  }

  private static String counted(Kind kind) {
    return switch (kind) {
      case TEXT -> "text";
      case INSTRUCTIONS -> "given completions";
      case OWN -> "the model's own answers";
    };
  }
}
