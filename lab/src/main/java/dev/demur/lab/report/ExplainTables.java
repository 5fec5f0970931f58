package dev.demur.lab.report;

import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.CurvePoint;
import dev.demur.lab.explain.Explanation.Written;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.stats.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Tables of an explanation.
final class ExplainTables {

  private static final String NOT_PAIRED = "not paired with plain";

  private ExplainTables() {}

  /// Each condition at the place the direction was read from.
  static Table conditions(Explanation found) {
    int layer = found.subject().directionLayer();
    var rows = new ArrayList<Row>();
    for (var row : found.conditions()) {
      var point = found.point(row.condition().name(), -1, layer);
      rows.add(
          Row.of(
              new Code(row.condition().name()),
              new Code(row.condition().suffix()),
              new Count(row.refused().successes()),
              new Count(row.refused().n()),
              new Amount(row.score().mean(), Unit.NATS),
              mean(point.cosine(), Unit.COSINE),
              new Amount(point.cosine().sd(), Unit.COSINE),
              change(point.cosineChange(), Unit.COSINE),
              range(point.cosineChange(), Unit.COSINE),
              mean(point.projection(), Unit.STREAM),
              new Amount(point.projection().sd(), Unit.STREAM),
              change(point.projectionChange(), Unit.STREAM),
              range(point.projectionChange(), Unit.STREAM)));
    }
    return new Table(
        "conditions",
        "The last token under every condition, resid_pre of layer %d. Refused counts prompts with a"
                .formatted(layer)
            + " refusal score above 0; changes are against plain, pair by pair, with 95 %"
            + " intervals.",
        List.of(
            Column.text("condition", "Condition"),
            Column.text("suffix", "Suffix"),
            Column.number("refused", "Refused"),
            Column.number("n", "of"),
            Column.number("score", "Score, nats"),
            Column.number("cosine", "Cosine"),
            Column.number("cosine_sd", "SD"),
            Column.number("cosine_change", "Change"),
            Column.range("cosine_change_interval", "95 % interval"),
            Column.number("projection", "Projection"),
            Column.number("projection_sd", "SD"),
            Column.number("projection_change", "Change"),
            Column.range("projection_change_interval", "95 % interval")),
        rows);
  }

  /// Cosine and projection everywhere.
  static Table curves(Explanation found) {
    var rows = new ArrayList<Row>();
    for (CurvePoint point : found.curves()) {
      rows.add(
          Row.of(
              new Code(point.condition()),
              new Ordinal(point.position()),
              new Ordinal(point.layer()),
              mean(point.cosine(), Unit.COSINE),
              new Amount(point.cosine().sd(), Unit.COSINE),
              new Range(point.cosine().interval(), Unit.COSINE),
              mean(point.projection(), Unit.STREAM),
              new Amount(point.projection().sd(), Unit.STREAM),
              new Range(point.projection().interval(), Unit.STREAM)));
    }
    return new Table(
        "curves",
        "Cosine and projection of resid_pre with the direction, mean, SD and 95 %% interval; layer %d is the final stream."
            .formatted(found.subject().layers()),
        List.of(
            Column.text("condition", "Condition"),
            Column.number("position", "Position"),
            Column.number("layer", "Layer"),
            Column.number("cosine", "Cosine"),
            Column.number("cosine_sd", "SD"),
            Column.range("cosine_interval", "95 % interval"),
            Column.number("projection", "Projection"),
            Column.number("projection_sd", "SD"),
            Column.range("projection_interval", "95 % interval")),
        rows);
  }

  /// What every component writes under every condition.
  static Table components(Explanation found) {
    var rows = new ArrayList<Row>();
    for (var row : found.components()) {
      for (var written : row.written()) {
        rows.add(written(row.component().text(), written));
      }
    }
    return new Table(
        "components",
        "What each component writes along the direction at the last token, stream units. Under one"
            + " condition all rows sum to the projection"
            + (found.subject().readout() == found.subject().layers()
                ? " of the final stream."
                : " of resid_pre of layer " + found.subject().readout() + "."),
        writtenColumns(),
        rows);
  }

  /// The heads that write most.
  static Table heads(Explanation found) {
    var rows = new ArrayList<Row>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        rows.add(written(head.head().text(), condition.written()));
      }
    }
    return new Table(
        "heads",
        "The heads that write most under plain: what they write along the direction, stream units.",
        writtenColumns(),
        rows);
  }

  private static List<Column> writtenColumns() {
    return List.of(
        Column.text("component", "Component"),
        Column.text("condition", "Condition"),
        Column.number("written", "Written"),
        Column.number("sd", "SD"),
        Column.range("interval", "95 % interval"),
        Column.number("change", "Change"),
        Column.range("change_interval", "95 % interval"));
  }

  private static Row written(String component, Written written) {
    return Row.of(
        new Text(component),
        new Code(written.condition()),
        mean(written.amount(), Unit.STREAM),
        new Amount(written.amount().sd(), Unit.STREAM),
        new Range(written.amount().interval(), Unit.STREAM),
        change(written.change(), Unit.STREAM),
        range(written.change(), Unit.STREAM));
  }

  /// What the heads look at, by what the tokens belong to.
  static Table attention(Explanation found) {
    var rows = new ArrayList<Row>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        for (var region : condition.regions()) {
          rows.add(
              Row.of(
                  new Text(head.head().text()),
                  new Code(condition.written().condition()),
                  new Text(region.region().name().toLowerCase(Locale.ROOT)),
                  mean(region.mass(), Unit.SHARE),
                  new Range(region.mass().interval(), Unit.SHARE),
                  change(region.massChange(), Unit.POINTS),
                  range(region.massChange(), Unit.POINTS),
                  mean(region.written(), Unit.STREAM)));
        }
      }
    }
    return new Table(
        "attention",
        "Attention of these heads from the last token by what the tokens belong to (template:"
            + " before the instruction; eoi: behind it), and what the heads write along the"
            + " direction for those tokens.",
        List.of(
            Column.text("head", "Head"),
            Column.text("condition", "Condition"),
            Column.text("region", "Tokens"),
            Column.number("mass", "Attention"),
            Column.range("mass_interval", "95 % interval"),
            Column.number("mass_change", "Change, points"),
            Column.range("mass_change_interval", "95 % interval"),
            Column.number("written", "Written")),
        rows);
  }

  /// Single tokens the heads look at.
  static Table tokens(Explanation found) {
    var rows = new ArrayList<Row>();
    for (var head : found.heads()) {
      for (var condition : head.conditions()) {
        for (var token : condition.tokens()) {
          rows.add(
              Row.of(
                  new Text(head.head().text()),
                  new Code(condition.written().condition()),
                  new Code(token.token()),
                  new Text(token.region().name().toLowerCase(Locale.ROOT)),
                  new Amount(token.mass(), Unit.SHARE),
                  new Amount(token.written(), Unit.STREAM)));
        }
      }
    }
    return new Table(
        "tokens",
        "Single tokens with the most attention from the last token, mean over all prompts, and what"
            + " the heads write along the direction for them.",
        List.of(
            Column.text("head", "Head"),
            Column.text("condition", "Condition"),
            Column.text("token", "Token"),
            Column.text("region", "Of"),
            Column.number("mass", "Attention"),
            Column.number("written", "Written")),
        rows);
  }

  /// What interventions bring back.
  static Table causal(CausalResult causal) {
    return new Table(
        "causal",
        "The prompts with %s run again, each time with one activation of the last token as it is without it. Back: mean change as a share of what was lost."
            .formatted(causal.condition()),
        List.of(
            Column.text("patch", "Put in"),
            Column.number("score", "Score, nats"),
            Column.range("score_interval", "95 % interval"),
            Column.number("score_back", "Back"),
            Column.number("projection", "Projection"),
            Column.range("projection_interval", "95 % interval"),
            Column.number("projection_back", "Back"),
            Column.text("verdict", "Attribution")),
        causal.rows().stream().map(ExplainTables::causalRow).toList());
  }

  private static Row causalRow(CausalRow row) {
    return Row.of(
        new Text(row.patch().text()),
        mean(row.score(), Unit.NATS),
        new Range(row.score().interval(), Unit.NATS),
        new Amount(row.scoreBack(), Unit.SHARE),
        mean(row.projection(), Unit.STREAM),
        new Range(row.projection().interval(), Unit.STREAM),
        new Amount(row.projectionBack(), Unit.SHARE),
        new Text(verdict(row)));
  }

  private static String verdict(CausalRow row) {
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
    var rows =
        Arrays.asList(
            Row.of(new Text("Model"), new Text(subject.model())),
            Row.of(new Text("Weights, SHA-256"), new Code(subject.weightsSha256())),
            Row.of(
                new Text("Direction"),
                new Text(
                    "layer %d, position %d"
                        .formatted(subject.directionLayer(), subject.directionPosition()))),
            Row.of(
                new Text("Accounted for"),
                new Text(
                    subject.readout() == subject.layers()
                        ? "the final stream"
                        : "resid_pre of layer " + subject.readout())),
            Row.of(new Text("Refusal tokens"), new Code(String.join(" ", subject.refusalTokens()))),
            Row.of(new Text("Template tokens"), new Code(String.join(" ", subject.eoiTokens()))));
    return new Table(
        "subject",
        "What was explained.",
        List.of(Column.text("name", "Name"), Column.text("value", "Value")),
        rows);
  }

  static Cell mean(Estimate estimate, Unit unit) {
    return new Amount(estimate.mean(), unit);
  }

  private static Cell change(Optional<Estimate> change, Unit unit) {
    return change
        .<Cell>map(c -> new Amount(c.mean(), unit))
        .orElseGet(() -> new Missing(NOT_PAIRED));
  }

  private static Cell range(Optional<Estimate> change, Unit unit) {
    return change
        .<Cell>map(c -> new Range(c.interval(), unit))
        .orElseGet(() -> new Missing(NOT_PAIRED));
  }
}
