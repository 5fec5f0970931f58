package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.ConditionRow;
import dev.demur.lab.explain.Explanation.CurvePoint;
import dev.demur.lab.explain.Explanation.HeadCondition;
import dev.demur.lab.explain.Explanation.HeadRow;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Estimate;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An explanation on one page, for a terminal; [ExplainReport] has all of it.
public final class ExplainSummary {

  /// A smaller share of a head's attention says nothing.
  private static final double LEAST_MASS = 0.005;

  private final Explanation found;

  private ExplainSummary(Explanation found) {
    this.found = found;
  }

  /// Sums up an explanation.
  public static Report of(Explanation found) {
    return new ExplainSummary(found).report();
  }

  private Report report() {
    var subject = found.subject();
    var sections = new ArrayList<Section>();
    sections.add(
        new Section(
            "subject",
            "",
            List.of(
                new Prose(
                    String.format(
                        Locale.ROOT,
                        "Direction read at layer %d, position %s; refusal opens with %s.",
                        subject.directionLayer(),
                        Numbers.ordinal(subject.directionPosition()),
                        Wording.tokens(subject.refusalTokens()))))));
    sections.add(
        new Section(
            "conditions",
            "Last token, resid_pre of layer " + subject.directionLayer(),
            List.of(open(cosines()), open(projections()))));
    sections.add(
        new Section("heads", "Heads that write most", List.of(open(heads()), open(attention()))));
    found.causal().ifPresent(causal -> sections.add(causal(causal)));
    found.latent().ifPresent(latent -> sections.add(LatentTables.brief(latent)));
    return new Report("Demur explanation", subject.model(), counted(), sections);
  }

  private String counted() {
    var prompts = found.prompts();
    return String.format(
        Locale.ROOT,
        "%d of %d prompts of %s are refused as they are; only these count.",
        prompts.refused(),
        prompts.read(),
        prompts.harmful());
  }

  private static Data open(Table table) {
    return new Data(table, Fold.OPEN);
  }

  private Table cosines() {
    return Table.of(
        "cosines",
        "Cosine with the direction; changes are against plain, prompt by prompt.",
        read(),
        code("condition", "Condition", r -> r.of().condition().name()),
        count("refused", "Refused", r -> r.of().refused().successes()),
        count("n", "of", r -> r.of().refused().n()),
        number("cosine", "Cosine", Unit.COSINE, r -> r.at().cosine().mean()),
        number("cosine_sd", "SD", Unit.COSINE, r -> r.at().cosine().sd()),
        ExplainTables.change("cosine_change", "Change", Unit.COSINE, r -> r.at().cosineChange()));
  }

  private Table projections() {
    return Table.of(
        "projections",
        "Projection on the direction, stream units.",
        read(),
        code("condition", "Condition", r -> r.of().condition().name()),
        number("projection", "Projection", Unit.STREAM, r -> r.at().projection().mean()),
        number("projection_sd", "SD", Unit.STREAM, r -> r.at().projection().sd()),
        ExplainTables.change(
            "projection_change", "Change", Unit.STREAM, r -> r.at().projectionChange()));
  }

  /// A condition, and what was read at the direction's place.
  private record Read(ConditionRow of, CurvePoint at) {}

  private List<Read> read() {
    int layer = found.subject().directionLayer();
    return found.conditions().stream()
        .map(row -> new Read(row, found.point(row.condition().name(), -1, layer)))
        .toList();
  }

  /// A row a head and one for everything, a column a condition.
  private Table heads() {
    var names = found.conditions().stream().map(row -> row.condition().name()).toList();
    var rows = new ArrayList<Writes>();
    for (var head : found.heads()) {
      rows.add(
          new Writes(
              head.head().text(),
              head.conditions().stream().map(c -> c.written().amount().mean()).toList()));
    }
    rows.add(
        new Writes(
            "everything", IntStream.range(0, names.size()).mapToObj(found::writtenByAll).toList()));
    var columns = new ArrayList<Columns<Writes>>();
    columns.add(text("head", "Head", Writes::name));
    for (int i = 0; i < names.size(); i++) {
      int condition = i;
      columns.add(number(names.get(i), names.get(i), Unit.STREAM, w -> w.means().get(condition)));
    }
    int readout = found.subject().readout();
    return Table.of(
        "heads",
        "Written along the direction at the last token, of "
            + (readout == found.subject().layers() ? "all layers" : "layers below " + readout)
            + ", stream units.",
        rows,
        Columns.together(columns));
  }

  /// What a component writes, by condition.
  private record Writes(String name, List<Double> means) {}

  /// What each head looks at under the first two conditions.
  private Table attention() {
    return Table.of(
        "attention",
        "Their attention, plain → " + found.conditions().get(1).condition().name() + ".",
        found.heads(),
        text("head", "Head", row -> row.head().text()),
        text("attention", "Attention to", ExplainSummary::attention));
  }

  private static String attention(HeadRow head) {
    var plain = head.conditions().getFirst();
    var other = head.conditions().get(1);
    return Arrays.stream(Region.values())
        .filter(region -> Math.max(plain.mass(region), other.mass(region)) >= LEAST_MASS)
        .map(region -> attention(region, plain, other))
        .collect(Collectors.joining(", "));
  }

  private static String attention(Region region, HeadCondition plain, HeadCondition other) {
    return "%s %s → %s"
        .formatted(
            region.name().toLowerCase(Locale.ROOT),
            Numbers.share(plain.mass(region)),
            Numbers.share(other.mass(region)));
  }

  private static Section causal(CausalResult causal) {
    return new Section(
        "causal",
        "Put back into " + causal.condition() + " what was there without it",
        List.of(
            new Prose(
                "%s; lost: %s nats of score, %s of projection."
                    .formatted(
                        Numbers.counted(causal.prompts(), "prompt"),
                        Numbers.nats(causal.lostScore().mean()),
                        stream(causal.lostProjection()))),
            open(
                Table.of(
                    "causal",
                    "",
                    causal.rows().stream().filter(ExplainSummary::isOfHeads).toList(),
                    text("patch", "Put in", row -> row.patch().text()),
                    number("score", "Score, nats", Unit.NATS, row -> row.score().mean()),
                    range(
                        "score_interval",
                        "95 % interval",
                        Unit.NATS,
                        row -> row.score().interval()),
                    number("score_back", "Back", Unit.SHARE, CausalRow::scoreBack),
                    number("projection", "Projection", Unit.STREAM, row -> row.projection().mean()),
                    number("projection_back", "Back", Unit.SHARE, CausalRow::projectionBack),
                    text("verdict", "Attribution", ExplainTables::verdict)))));
  }

  private static String stream(Estimate estimate) {
    return Numbers.amount(estimate.mean(), Unit.STREAM);
  }

  private static boolean isOfHeads(CausalRow row) {
    return switch (row.patch().kind()) {
      case HEAD, PATTERN, ALL_HEADS -> true;
      case ATTENTION, MLP, STREAM, EVERYTHING -> false;
    };
  }
}
