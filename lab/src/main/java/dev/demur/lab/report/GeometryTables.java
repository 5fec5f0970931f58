package dev.demur.lab.report;

import dev.demur.lab.explain.BaseResult;
import dev.demur.lab.explain.GeometryResult;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import java.util.List;

/// Tables of how prompts lie in the stream, in the model and in its base.
final class GeometryTables {

  private GeometryTables() {}

  /// How refused and harmless prompts lie, everywhere.
  static Table places(GeometryResult geometry) {
    return new Table(
        "geometry",
        "Refused against harmless prompts by place; the first position is the last token of the"
            + " user's words. Norm and cosine are of the difference of means; AUROC is of the"
            + " projection on the direction, with Newcombe's interval; a stable rank of 1 means"
            + " that all refused prompts differ along one direction.",
        List.of(
            Column.number("position", "Position"),
            Column.number("layer", "Layer"),
            Column.number("norm", "Norm"),
            Column.number("cosine", "Cosine"),
            Column.number("auroc", "AUROC"),
            Column.range("auroc_interval", "95 % interval"),
            Column.number("stable_rank", "Stable rank")),
        geometry.places().stream()
            .map(
                p ->
                    Row.of(
                        new Ordinal(p.position()),
                        new Ordinal(p.layer()),
                        new Amount(p.norm(), Unit.STREAM),
                        new Amount(p.cosine(), Unit.COSINE),
                        new Amount(p.auroc().value(), Unit.KL),
                        new Range(p.interval(), Unit.KL),
                        new Amount(p.stableRank(), Unit.STREAM)))
            .toList());
  }

  /// The direction's cosine in chat and base model.
  static Table basePoints(BaseResult base) {
    return new Table(
        "base",
        "Cosine of resid_pre with the direction at the last token, in the chat and in the base"
            + " model.",
        List.of(
            Column.text("condition", "Prompts"),
            Column.number("layer", "Layer"),
            Column.number("chat", "Chat"),
            Column.number("base", "Base"),
            Column.range("base_interval", "95 % interval")),
        base.points().stream()
            .map(
                p ->
                    Row.of(
                        new Code(p.condition()),
                        new Ordinal(p.layer()),
                        ExplainTables.mean(p.chat(), Unit.COSINE),
                        ExplainTables.mean(p.base(), Unit.COSINE),
                        new Range(p.base().interval(), Unit.COSINE)))
            .toList());
  }

  /// What the direction does in the base model.
  static Table baseEffects(BaseResult base) {
    return new Table(
        "base_effects",
        "Refusal score of the base model: ablation on the harmful prompts, addition on the harmless"
            + " ones, as the base gets them; change prompt by prompt.",
        List.of(
            Column.text("variant", "Variant"),
            Column.number("before", "Score, nats"),
            Column.number("change", "Change"),
            Column.range("change_interval", "95 % interval")),
        base.effects().stream()
            .map(
                e ->
                    Row.of(
                        new Text(Wording.variant(e.variant())),
                        ExplainTables.mean(e.before(), Unit.NATS),
                        ExplainTables.mean(e.change(), Unit.NATS),
                        new Range(e.change().interval(), Unit.NATS)))
            .toList());
  }
}
