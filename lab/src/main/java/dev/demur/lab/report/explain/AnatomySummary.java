package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.explain.Anatomy;
import dev.demur.lab.explain.Anatomy.TokenReading;
import dev.demur.lab.explain.HeadAttention.Head;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One prompt under the microscope on one page, for a terminal; [AnatomyReport] has all of it.
public final class AnatomySummary {

  /// Layers shown for each token, besides the direction's.
  private static final int LAYERS = 5;

  /// Tokens named that a head looks at.
  private static final int SOURCES = 3;

  private final Anatomy found;

  private AnatomySummary(Anatomy found) {
    this.found = found;
  }

  /// Sums up one prompt.
  public static Report of(Anatomy found) {
    var page = new AnatomySummary(found);
    var sections = new ArrayList<Section>();
    sections.add(section("tokens", "Projection on the direction by layer", page.projections()));
    sections.addAll(page.sections());
    return page.report(sections);
  }

  /// The same without what each token holds, for a page that has [ColouredTokens].
  public static Report besidesTokens(Anatomy found) {
    var page = new AnatomySummary(found);
    return page.report(page.sections());
  }

  /// Layers evenly over the model, and the direction's.
  static List<Integer> layers(Anatomy found) {
    var layers = new TreeSet<Integer>();
    for (int i = 1; i < LAYERS; i++) {
      layers.add(Math.round((float) i * found.layers() / (LAYERS - 1)));
    }
    layers.add(found.directionLayer());
    return List.copyOf(layers);
  }

  private Report report(List<Section> sections) {
    return new Report(
        "Demur prompt",
        found.model(),
        "refusal score %s nats, %s to refuse (refusal opens with %s)"
            .formatted(
                Numbers.nats(found.score()),
                found.score() > 0 ? "about" : "not about",
                Wording.tokens(found.refusalTokens())),
        sections);
  }

  private List<Section> sections() {
    var all = new AnatomyReport(found, Optional.empty());
    return List.of(
        section("growth", "Refusal score as the prompt grows", all.growth()),
        section("lens", "What it would say at each layer", all.lens()),
        section("heads", "Heads that write most along the direction", heads()),
        section("variants", "What interventions change", variants()));
  }

  private static Section section(String id, String title, Table table) {
    return new Section(id, title, List.of(new Data(table, Fold.OPEN)));
  }

  /// A row a token, a column a layer.
  private Table projections() {
    var columns = new ArrayList<Columns<TokenReading>>();
    columns.add(code("token", "Token", AnatomyReport::label));
    columns.add(text("region", "Of", t -> t.region().name().toLowerCase(Locale.ROOT)));
    for (int layer : layers(found)) {
      columns.add(
          number(
              "layer_" + layer,
              layer == found.layers() ? "Final" : Numbers.ordinal(layer),
              Unit.STREAM,
              t -> t.projections().get(layer)));
    }
    return Table.of("projections", "Stream units.", found.tokens(), Columns.together(columns));
  }

  private Table heads() {
    return Table.of(
        "heads",
        "What they write at the last token, stream units, and the tokens they look at most.",
        found.heads(),
        text("head", "Head", head -> "L" + head.layer() + "H" + head.head()),
        number("written", "Written", Unit.STREAM, AnatomyReport::written),
        code("reads", "Reads", AnatomySummary::sources));
  }

  private static String sources(Head head) {
    return head.sources().stream()
        .limit(SOURCES)
        .map(source -> Wording.token(source.token()) + " " + Numbers.share(source.mass()))
        .collect(Collectors.joining(", "));
  }

  private Table variants() {
    return Table.of(
        "variants",
        "The refusal score, and how the answer begins.",
        found.variants(),
        text("variant", "Variant", v -> Wording.variant(v.variant())),
        number("score", "Score, nats", Unit.NATS, v -> v.score()),
        text("answer", "Answer", v -> v.text()));
  }
}
