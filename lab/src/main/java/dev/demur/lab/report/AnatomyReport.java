package dev.demur.lab.report;

import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Anatomy.TokenChance;
import dev.demur.lab.explain.Anatomy.TokenReading;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The page of one prompt under the microscope.
public final class AnatomyReport {

  /// Tokens with a smaller share of a head's attention say nothing.
  private static final double LEAST_MASS = 0.005;

  private final Anatomy found;

  private AnatomyReport(Anatomy found) {
    this.found = found;
  }

  /// Tells one prompt.
  public static Report of(Anatomy anatomy) {
    return new AnatomyReport(anatomy).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(tokens());
    if (!found.growth().isEmpty()) {
      sections.add(
          new Section(
              "growth",
              "As the prompt grows",
              List.of(new Drawing(AnatomyCharts.growth(found)), new Data(growth(), Fold.FOLDED))));
    }
    sections.add(
        new Section(
            "lens",
            "What it would say at each layer",
            List.of(
                new Prose(
                    "The last token's stream at each layer, through the final norm and the"
                        + " unembedding. Early layers are not made to be read so."),
                new Data(lens(), Fold.OPEN))));
    sections.add(
        new Section(
            "heads",
            "Who writes it",
            List.of(new Data(heads(), Fold.OPEN), new Data(components(), Fold.FOLDED))));
    sections.add(
        new Section(
            "variants",
            "What interventions change",
            List.of(
                new Notice("Answers are cut short; some may be harmful or wrong."),
                new Data(variants(), Fold.OPEN))));
    return new Report(
        "Demur prompt",
        "One prompt in " + found.model(),
        "%d tokens · %d layers · direction of layer %d"
            .formatted(found.tokens().size(), found.layers(), found.directionLayer()),
        sections);
  }

  private Section tokens() {
    return new Section(
        "tokens",
        "Tokens",
        List.of(
            new Lead(
                "Refusal score %s nats: the model is %s to refuse (refusal opens with %s)."
                    .formatted(
                        Numbers.nats(found.score()),
                        found.score() > 0 ? "about" : "not about",
                        String.join(" ", found.refusalTokens()))),
            new Drawing(AnatomyCharts.tokens(found)),
            new Data(projections(), Fold.FOLDED)));
  }

  /// A token as one can read it.
  static String label(TokenReading token) {
    return visible(token.text());
  }

  static String visible(String text) {
    return text.replace("\n", "⏎").replace("\t", "⇥").replace(' ', '·');
  }

  private Table projections() {
    var rows = new ArrayList<Row>();
    for (int t = 0; t < found.tokens().size(); t++) {
      var token = found.tokens().get(t);
      for (int layer = 0; layer <= found.layers(); layer++) {
        rows.add(
            Row.of(
                new Ordinal(t),
                new Code(label(token)),
                new Text(token.region().name().toLowerCase(Locale.ROOT)),
                new Ordinal(layer),
                new Amount(token.projections().get(layer), Unit.STREAM),
                new Amount(token.cosines().get(layer), Unit.COSINE)));
      }
    }
    return new Table(
        "projections",
        "The stream along the direction at every token and layer.",
        List.of(
            Column.number("index", "Index"),
            Column.text("token", "Token"),
            Column.text("region", "Of"),
            Column.number("layer", "Layer"),
            Column.number("projection", "Projection"),
            Column.number("cosine", "Cosine")),
        rows);
  }

  private Table growth() {
    return new Table(
        "growth",
        "Refusal score of the prompt cut behind each token.",
        List.of(
            Column.number("index", "Index"),
            Column.text("token", "Up to"),
            Column.number("score", "Score, nats")),
        found.growth().stream()
            .map(
                p ->
                    Row.of(
                        new Ordinal(p.token()),
                        new Code(visible(p.text())),
                        new Amount(p.score(), Unit.NATS)))
            .toList());
  }

  private Table lens() {
    return new Table(
        "lens",
        "Refusal score and likeliest next tokens by layer.",
        List.of(
            Column.number("layer", "Layer"),
            Column.number("score", "Score, nats"),
            Column.text("likeliest", "Likeliest tokens")),
        found.lens().stream()
            .map(
                row ->
                    Row.of(
                        new Ordinal(row.layer()),
                        new Amount(row.score(), Unit.NATS),
                        new Code(chances(row.likeliest()))))
            .toList());
  }

  static String chances(List<TokenChance> chances) {
    return chances.stream()
        .map(c -> c.token() + " " + Numbers.share(c.probability()))
        .collect(Collectors.joining("  "));
  }

  private Table heads() {
    var rows = new ArrayList<Row>();
    for (var head : found.heads()) {
      double written = head.written().values().stream().mapToDouble(Double::doubleValue).sum();
      for (var source : head.sources().stream().filter(s -> s.mass() >= LEAST_MASS).toList()) {
        rows.add(
            Row.of(
                new Text("L" + head.layer() + "H" + head.head()),
                new Amount(written, Unit.STREAM),
                new Ordinal(source.position()),
                new Code(source.token()),
                new Text(source.region().name().toLowerCase(Locale.ROOT)),
                new Amount(source.mass(), Unit.SHARE),
                new Amount(source.written(), Unit.STREAM)));
      }
    }
    return new Table(
        "heads",
        "The heads that write most along the direction at the last token, either way, and the"
            + " tokens they look at most; written is in stream units, for the head and for the"
            + " token.",
        List.of(
            Column.text("head", "Head"),
            Column.number("written", "Written"),
            Column.number("index", "Reads index"),
            Column.text("token", "Token"),
            Column.text("region", "Of"),
            Column.number("mass", "Attention"),
            Column.number("token_written", "Written for it")),
        rows);
  }

  private Table components() {
    return new Table(
        "components",
        "What embedding, MLPs and attention biases write along the direction at the last token.",
        List.of(Column.text("component", "Component"), Column.number("written", "Written")),
        found.components().stream()
            .map(c -> Row.of(new Text(c.component().text()), new Amount(c.written(), Unit.STREAM)))
            .toList());
  }

  private Table variants() {
    return new Table(
        "variants",
        "The prompt under each intervention: refusal score, likeliest first tokens, and how the"
            + " answer begins.",
        List.of(
            Column.text("variant", "Variant"),
            Column.number("score", "Score, nats"),
            Column.text("likeliest", "Likeliest tokens"),
            Column.text("answer", "Answer")),
        found.variants().stream()
            .map(
                v ->
                    Row.of(
                        new Text(Wording.variant(v.variant())),
                        new Amount(v.score(), Unit.NATS),
                        new Code(chances(v.likeliest())),
                        new Text(v.text())))
            .toList());
  }
}
