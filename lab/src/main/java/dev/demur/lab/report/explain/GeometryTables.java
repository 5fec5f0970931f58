package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.explain.BaseResult;
import dev.demur.lab.explain.GeometryResult;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;

/// Tables of how prompts lie in the stream, in the model and in its base.
final class GeometryTables {

  private GeometryTables() {}

  /// How refused and harmless prompts lie, everywhere.
  static Table places(GeometryResult geometry) {
    return Table.of(
        "geometry",
        "Refused against harmless prompts by place; the first position is the last token of the"
            + " user's words. Norm and cosine are of the difference of means; AUROC is of the"
            + " projection on the direction, with Newcombe's interval; a stable rank of 1 means"
            + " that all refused prompts differ along one direction.",
        geometry.places(),
        ordinal("position", "Position", p -> p.position()),
        ordinal("layer", "Layer", p -> p.layer()),
        number("norm", "Norm", Unit.STREAM, p -> p.norm()),
        number("cosine", "Cosine", Unit.COSINE, p -> p.cosine()),
        number("auroc", "AUROC", Unit.AUROC, p -> p.auroc().value()),
        range("auroc_interval", "95 % interval", Unit.AUROC, p -> p.interval()),
        number("stable_rank", "Stable rank", Unit.DIMENSIONS, p -> p.stableRank()));
  }

  /// The direction's cosine in chat and base model.
  static Table basePoints(BaseResult base) {
    return Table.of(
        "base",
        "Cosine of resid_pre with the direction at the last token, in the chat and in the base"
            + " model.",
        base.points(),
        code("condition", "Prompts", p -> p.condition()),
        ordinal("layer", "Layer", p -> p.layer()),
        number("chat", "Chat", Unit.COSINE, p -> p.chat().mean()),
        number("base", "Base", Unit.COSINE, p -> p.base().mean()),
        range("base_interval", "95 % interval", Unit.COSINE, p -> p.base().interval()));
  }

  /// What the direction does in the base model.
  static Table baseEffects(BaseResult base) {
    return Table.of(
        "base_effects",
        "Refusal score of the base model: ablation on the harmful prompts, addition on the harmless"
            + " ones, as the base gets them; change prompt by prompt.",
        base.effects(),
        text("variant", "Variant", e -> Wording.variant(e.variant())),
        number("before", "Score, nats", Unit.NATS, e -> e.before().mean()),
        number("change", "Change", Unit.NATS, e -> e.change().mean()),
        range("change_interval", "95 % interval", Unit.NATS, e -> e.change().interval()));
  }
}
