package dev.demur.lab.report;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.Coherence.Change;
import dev.demur.lab.coherence.Coherence.VariantRow;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What interventions cost on text, as tables and as a sentence.
final class CoherenceTables {

  private CoherenceTables() {}

  /// Cross-entropy of every corpus and variant.
  static Table losses(List<Coherence> measured) {
    var rows = new ArrayList<Row>();
    for (var corpus : measured) {
      corpus.variants().forEach(row -> rows.add(loss(corpus, row)));
    }
    return new Table(
        "coherence",
        "Cross-entropy in nats per token, and how it differs from the unedited model's on the same"
            + " text, with the 95 % interval by resampling texts. KL: mean divergence of the"
            + " next-token distributions from the unedited model's along its own answers.",
        List.of(
            Column.text("corpus", "Text"),
            Column.text("counted", "Counted"),
            Column.text("variant", "Variant"),
            Column.number("texts", "Texts"),
            Column.number("tokens", "Tokens"),
            Column.number("cross_entropy", "Cross-entropy"),
            Column.number("difference", "Difference"),
            Column.range("difference_interval", "95 % interval"),
            Column.number("kl", "KL")),
        rows);
  }

  private static Row loss(Coherence corpus, VariantRow row) {
    var change = row.change();
    return Row.of(
        new Text(corpus.corpus()),
        new Text(counted(corpus.kind())),
        new Code(row.variant().text()),
        new Count(row.loss().texts()),
        new Count(row.loss().tokens()),
        new Amount(row.loss().perToken(), Unit.LOSS),
        cell(change.map(c -> new Amount(c.difference(), Unit.LOSS))),
        cell(change.map(c -> new Range(c.interval(), Unit.LOSS))),
        change
            .flatMap(Change::divergence)
            .<Cell>map(kl -> new Amount(kl, Unit.KL))
            .orElse(new Missing(change.isEmpty() ? "unedited" : "own answers only")));
  }

  private static Cell cell(Optional<? extends Cell> known) {
    return known.isPresent() ? known.get() : new Missing("unedited");
  }

  /// How far the variants diverge along the unedited model's answers.
  static Table divergence(List<Coherence> measured) {
    var rows = new ArrayList<Row>();
    for (var corpus : measured) {
      for (var variant : corpus.variants()) {
        for (var part : variant.change().map(Change::along).orElse(List.of())) {
          rows.add(
              Row.of(
                  new Text(corpus.corpus()),
                  new Code(variant.variant().text()),
                  new Count(part.from()),
                  new Count(part.to()),
                  new Count(part.tokens()),
                  new Amount(part.divergence(), Unit.KL)));
        }
      }
    }
    return new Table(
        "divergence",
        "Mean KL divergence (unedited against edited, nats per token) by how far into the answer"
            + " the token is. The KL score of the selection sees the first token only.",
        List.of(
            Column.text("corpus", "Text"),
            Column.text("variant", "Variant"),
            Column.number("from", "From token"),
            Column.number("to", "To token"),
            Column.number("tokens", "Tokens"),
            Column.number("kl", "KL")),
        rows);
  }

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
