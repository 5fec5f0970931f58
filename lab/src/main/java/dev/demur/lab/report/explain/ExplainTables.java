package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.together;

import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.ConditionRow;
import dev.demur.lab.explain.Explanation.CurvePoint;
import dev.demur.lab.explain.Explanation.HeadCondition;
import dev.demur.lab.explain.Explanation.HeadRow;
import dev.demur.lab.explain.Explanation.RegionRow;
import dev.demur.lab.explain.Explanation.TokenRow;
import dev.demur.lab.explain.Explanation.Written;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Estimate;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Tables of an explanation.
final class ExplainTables {

  private ExplainTables() {}

  /// Each condition at the place the direction was read from.
  static Table conditions(Explanation found) {
    int layer = found.subject().directionLayer();
    return Table.of(
        "conditions",
        String.format(
                Locale.ROOT,
                "The last token under every condition, resid_pre of layer %d. Refused counts"
                    + " prompts with a",
                layer)
            + " refusal score above 0; changes are against plain, pair by pair, with 95 %"
            + " intervals.",
        found.conditions().stream()
            .map(row -> new Read(row, found.point(row.condition().name(), -1, layer)))
            .toList(),
        code("condition", "Condition", r -> r.of().condition().name()),
        code("suffix", "Suffix", r -> r.of().condition().suffix()),
        count("refused", "Refused", r -> r.of().refused().successes()),
        count("n", "of", r -> r.of().refused().n()),
        number("score", "Score, nats", Unit.NATS, r -> r.of().score().mean()),
        number("cosine", "Cosine", Unit.COSINE, r -> r.at().cosine().mean()),
        number("cosine_sd", "SD", Unit.COSINE, r -> r.at().cosine().sd()),
        change("cosine_change", "Change", Unit.COSINE, r -> r.at().cosineChange()),
        number("projection", "Projection", Unit.STREAM, r -> r.at().projection().mean()),
        number("projection_sd", "SD", Unit.STREAM, r -> r.at().projection().sd()),
        change("projection_change", "Change", Unit.STREAM, r -> r.at().projectionChange()));
  }

  /// A condition, and what was read at the direction's place.
  private record Read(ConditionRow of, CurvePoint at) {}

  /// A change against plain, where there is one, with its interval.
  static <R> Columns<R> change(
      String key, String heading, Unit unit, Function<R, Optional<Estimate>> change) {
    String why = "not paired with plain";
    return together(
        List.of(
            numberOr(key, heading, unit, row -> change.apply(row).map(Estimate::mean), why),
            rangeOr(
                key + "_interval",
                "95 % interval",
                unit,
                row -> change.apply(row).map(Estimate::interval),
                why)));
  }

  /// Cosine and projection everywhere.
  static Table curves(Explanation found) {
    return Table.of(
        "curves",
        String.format(
            Locale.ROOT,
            "Cosine and projection of resid_pre with the direction, mean, SD and 95 %% interval;"
                + " layer %d is the final stream.",
            found.subject().layers()),
        found.curves(),
        code("condition", "Condition", CurvePoint::condition),
        ordinal("position", "Position", CurvePoint::position),
        ordinal("layer", "Layer", CurvePoint::layer),
        number("cosine", "Cosine", Unit.COSINE, p -> p.cosine().mean()),
        number("cosine_sd", "SD", Unit.COSINE, p -> p.cosine().sd()),
        range("cosine_interval", "95 % interval", Unit.COSINE, p -> p.cosine().interval()),
        number("projection", "Projection", Unit.STREAM, p -> p.projection().mean()),
        number("projection_sd", "SD", Unit.STREAM, p -> p.projection().sd()),
        range("projection_interval", "95 % interval", Unit.STREAM, p -> p.projection().interval()));
  }

  /// What every component writes under every condition.
  static Table components(Explanation found) {
    var rows = new ArrayList<Writes>();
    for (var row : found.components()) {
      row.written().forEach(w -> rows.add(new Writes(row.component().text(), w)));
    }
    return writes(
        "components",
        "What each component writes along the direction at the last token, stream units. Under one"
            + " condition all rows sum to the projection"
            + (found.subject().readout() == found.subject().layers()
                ? " of the final stream."
                : " of resid_pre of layer " + found.subject().readout() + "."),
        rows);
  }

  /// The heads that write most.
  static Table heads(Explanation found) {
    var rows = new ArrayList<Writes>();
    for (var head : found.heads()) {
      head.conditions().forEach(c -> rows.add(new Writes(head.head().text(), c.written())));
    }
    return writes(
        "heads",
        "The heads that write most under plain: what they write along the direction, stream units.",
        rows);
  }

  private record Writes(String component, Written written) {}

  private static Table writes(String id, String caption, List<Writes> rows) {
    return Table.of(
        id,
        caption,
        rows,
        text("component", "Component", Writes::component),
        code("condition", "Condition", r -> r.written().condition()),
        number("written", "Written", Unit.STREAM, r -> r.written().amount().mean()),
        number("sd", "SD", Unit.STREAM, r -> r.written().amount().sd()),
        range("interval", "95 % interval", Unit.STREAM, r -> r.written().amount().interval()),
        change("change", "Change", Unit.STREAM, r -> r.written().change()));
  }

  /// What the heads look at, by what the tokens belong to.
  static Table attention(Explanation found) {
    var rows = new ArrayList<Looks>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        condition.regions().forEach(r -> rows.add(new Looks(head, condition, r)));
      }
    }
    return Table.of(
        "attention",
        "Attention of these heads from the last token by what the tokens belong to"
            + " (template: before the instruction; eoi: after it), and what the heads write"
            + " along the direction for those tokens.",
        rows,
        text("head", "Head", r -> r.head().head().text()),
        code("condition", "Condition", r -> r.under().written().condition()),
        text("region", "Tokens", r -> word(r.at().region())),
        number("mass", "Attention", Unit.SHARE, r -> r.at().mass().mean()),
        range("mass_interval", "95 % interval", Unit.SHARE, r -> r.at().mass().interval()),
        change("mass_change", "Change, points", Unit.POINTS, r -> r.at().massChange()),
        number("written", "Written", Unit.STREAM, r -> r.at().written().mean()));
  }

  /// A head's attention to a region.
  private record Looks(HeadRow head, HeadCondition under, RegionRow at) {}

  private static String word(Region region) {
    return region.name().toLowerCase(Locale.ROOT);
  }

  /// Single tokens the heads look at.
  static Table tokens(Explanation found) {
    var rows = new ArrayList<LooksAt>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        condition.tokens().forEach(t -> rows.add(new LooksAt(head, condition, t)));
      }
    }
    return Table.of(
        "tokens",
        "Single tokens with the most attention from the last token, mean over all prompts, and what"
            + " the heads write along the direction for them.",
        rows,
        text("head", "Head", r -> r.head().head().text()),
        code("condition", "Condition", r -> r.under().written().condition()),
        code("token", "Token", r -> Wording.token(r.at().token())),
        text("region", "Of", r -> word(r.at().region())),
        number("mass", "Attention", Unit.SHARE, r -> r.at().mass()),
        number("written", "Written", Unit.STREAM, r -> r.at().written()));
  }

  /// A head's attention to a token.
  private record LooksAt(HeadRow head, HeadCondition under, TokenRow at) {}

  /// What interventions bring back.
  static Table causal(CausalResult causal) {
    return Table.of(
        "causal",
        "The prompts with %s run again, each time with one activation of the last token as it is without it. Back: mean change as a share of what was lost."
            .formatted(causal.condition()),
        causal.rows(),
        text("patch", "Put in", row -> row.patch().text()),
        number("score", "Score, nats", Unit.NATS, row -> row.score().mean()),
        range("score_interval", "95 % interval", Unit.NATS, row -> row.score().interval()),
        number("score_back", "Back", Unit.SHARE, CausalRow::scoreBack),
        number("projection", "Projection", Unit.STREAM, row -> row.projection().mean()),
        range(
            "projection_interval",
            "95 % interval",
            Unit.STREAM,
            row -> row.projection().interval()),
        number("projection_back", "Back", Unit.SHARE, CausalRow::projectionBack),
        text("verdict", "Attribution", ExplainTables::verdict));
  }

  /// Whether attribution survives, in words.
  static String verdict(CausalRow row) {
    return switch (row.verdict()) {
      case SURVIVES -> "survives";
      case DOES_NOT_SURVIVE -> "does not survive";
      case NOT_SHOWN -> "not shown (n = " + row.score().n() + ")";
      case NOT_SUGGESTED -> "suggests nothing";
      case NOT_APPLICABLE -> "";
    };
  }

  /// What was explained, as names and values.
  static Table subject(Explanation found) {
    var subject = found.subject();
    return Table.of(
        "subject",
        "What was explained.",
        List.of(
            new Fact("Model", new Text(subject.model())),
            new Fact("Weights, SHA-256", new Code(subject.weightsSha256())),
            new Fact(
                "Direction",
                new Text(
                    String.format(
                        Locale.ROOT,
                        "layer %d, position %d",
                        subject.directionLayer(),
                        subject.directionPosition()))),
            new Fact(
                "Accounted for",
                new Text(
                    subject.readout() == subject.layers()
                        ? "the final stream"
                        : "resid_pre of layer " + subject.readout())),
            new Fact("Refusal tokens", new Code(Wording.tokens(subject.refusalTokens()))),
            new Fact("Template tokens", new Code(Wording.tokens(subject.eoiTokens())))),
        text("name", "Name", Fact::name),
        cell(Column.text("value", "Value"), Fact::value));
  }

  private record Fact(String name, Cell value) {}
}
