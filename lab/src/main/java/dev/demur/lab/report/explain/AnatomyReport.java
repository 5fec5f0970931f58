package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Anatomy.TokenChance;
import dev.demur.lab.explain.Anatomy.TokenReading;
import dev.demur.lab.explain.HeadAttention;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Link;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The page of one prompt under the microscope.
public final class AnatomyReport {

  /// Tokens with a smaller share of a head's attention say nothing.
  private static final double LEAST_MASS = 0.005;

  private final Anatomy found;
  private final Optional<String> study;

  AnatomyReport(Anatomy found, Optional<String> study) {
    this.found = found;
    this.study = study;
  }

  /// Tells one prompt.
  ///
  /// @param study address of the page of the study that found the direction, relative to this one
  public static Report of(Anatomy anatomy, Optional<String> study) {
    return new AnatomyReport(anatomy, study).report();
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
                        + " unembedding. Early layers are not made to be read this way."),
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
        String.format(
            Locale.ROOT,
            "%d tokens · %d layers · direction of layer %d",
            found.tokens().size(),
            found.layers(),
            found.directionLayer()),
        sections);
  }

  private Section tokens() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Lead(
            "Refusal score %s nats: the model is %s to refuse (refusal opens with %s)."
                .formatted(
                    Numbers.nats(found.score()),
                    found.score() > 0 ? "about" : "not about",
                    Wording.tokens(found.refusalTokens()))));
    study.ifPresent(address -> blocks.add(Link.toStudy(address)));
    blocks.add(new Drawing(AnatomyCharts.tokens(found)));
    blocks.add(new Data(projections(), Fold.FOLDED));
    return new Section("tokens", "Tokens", blocks);
  }

  /// A token as one can read it.
  static String label(TokenReading token) {
    return Wording.token(token.text());
  }

  private Table projections() {
    var rows = new ArrayList<Passing>();
    for (int t = 0; t < found.tokens().size(); t++) {
      for (int layer = 0; layer <= found.layers(); layer++) {
        rows.add(new Passing(t, found.tokens().get(t), layer));
      }
    }
    return Table.of(
        "projections",
        "The stream along the direction at every token and layer.",
        rows,
        ordinal("index", "Index", Passing::index),
        code("token", "Token", p -> label(p.token())),
        text("region", "Of", p -> word(p.token().region())),
        ordinal("layer", "Layer", Passing::layer),
        number(
            "projection", "Projection", Unit.STREAM, p -> p.token().projections().get(p.layer())),
        number("cosine", "Cosine", Unit.COSINE, p -> p.token().cosines().get(p.layer())));
  }

  /// A token at a layer.
  private record Passing(int index, TokenReading token, int layer) {}

  private static String word(Region region) {
    return region.name().toLowerCase(Locale.ROOT);
  }

  Table growth() {
    return Table.of(
        "growth",
        "Refusal score of the prompt cut after each token.",
        found.growth(),
        ordinal("index", "Index", p -> p.token()),
        code("token", "Up to", p -> Wording.token(p.text())),
        number("score", "Score, nats", Unit.NATS, p -> p.score()));
  }

  Table lens() {
    return Table.of(
        "lens",
        "Refusal score and likeliest next tokens by layer.",
        found.lens(),
        ordinal("layer", "Layer", row -> row.layer()),
        number("score", "Score, nats", Unit.NATS, row -> row.score()),
        code("likeliest", "Likeliest tokens", row -> chances(row.likeliest())));
  }

  static String chances(List<TokenChance> chances) {
    return chances.stream()
        .map(c -> Wording.token(c.token()) + " " + Numbers.share(c.probability()))
        .collect(Collectors.joining("  "));
  }

  private Table heads() {
    var rows = new ArrayList<Looked>();
    for (var head : found.heads()) {
      head.sources().stream()
          .filter(source -> source.mass() >= LEAST_MASS)
          .forEach(source -> rows.add(new Looked(head, source)));
    }
    return Table.of(
        "heads",
        "The heads that write most along the direction at the last token, either way, and the"
            + " tokens they look at most; written is in stream units, for the head and for the"
            + " token.",
        rows,
        text("head", "Head", r -> "L" + r.head().layer() + "H" + r.head().head()),
        number("written", "Written", Unit.STREAM, r -> written(r.head())),
        ordinal("index", "Reads index", r -> r.source().position()),
        code("token", "Token", r -> Wording.token(r.source().token())),
        text("region", "Of", r -> word(r.source().region())),
        number("mass", "Attention", Unit.SHARE, r -> r.source().mass()),
        number("token_written", "Written for it", Unit.STREAM, r -> r.source().written()));
  }

  /// A token that a head looks at.
  private record Looked(HeadAttention.Head head, HeadAttention.Source source) {}

  /// What a head writes for all tokens together.
  static double written(HeadAttention.Head head) {
    return head.written().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private Table components() {
    return Table.of(
        "components",
        "What embedding, MLPs and attention biases write along the direction at the last token.",
        found.components(),
        text("component", "Component", c -> c.component().text()),
        number("written", "Written", Unit.STREAM, c -> c.written()));
  }

  private Table variants() {
    return Table.of(
        "variants",
        "The prompt under each intervention: refusal score, likeliest first tokens, and how the"
            + " answer begins.",
        found.variants(),
        text("variant", "Variant", v -> Wording.variant(v.variant())),
        number("score", "Score, nats", Unit.NATS, v -> v.score()),
        code("likeliest", "Likeliest tokens", v -> chances(v.likeliest())),
        text("answer", "Answer", v -> v.text()));
  }
}
