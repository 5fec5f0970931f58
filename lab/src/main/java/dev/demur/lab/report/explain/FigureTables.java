package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.explain.PaperFigures;
import dev.demur.lab.explain.PaperFigures.HeadSum;
import dev.demur.lab.explain.PaperFigures.MainAxis;
import dev.demur.lab.explain.PaperFigures.OpeningToken;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
import dev.demur.lab.explain.PaperFigures.SteeredPoint;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Locale;

/// Tables of interventions, openings, main axes and sums over heads.
final class FigureTables {

  private static final String UNEDITED = "unedited";
  private static final String NO_PAIRS = "no pairs";

  private FigureTables() {}

  /// Refusal scores under every intervention.
  static Table steered(PaperFigures figures) {
    return Table.of(
        "interventions",
        "Both kinds of prompts under the direction's interventions, coefficient 1: refusal score,"
            + " and its change from the unedited model prompt by prompt, with Student's 95 %"
            + " intervals.",
        figures.steered(),
        text("prompts", "Prompts", SteeredCondition::prompts),
        code("variant", "Variant", c -> c.variant().text()),
        share("refused", "Score > 0", SteeredCondition::refused),
        wilson("refused_wilson", SteeredCondition::refused),
        number("score", "Score, nats", Unit.NATS, c -> c.score().mean()),
        range("score_interval", "95 % interval", Unit.NATS, c -> c.score().interval()),
        numberOr("change", "Change", Unit.NATS, c -> c.scoreChange().map(Estimate::mean), UNEDITED),
        rangeOr(
            "change_interval",
            "95 % interval",
            Unit.NATS,
            c -> c.scoreChange().map(Estimate::interval),
            UNEDITED));
  }

  private record Point(SteeredCondition of, SteeredPoint at) {}

  /// The stream under every intervention, layer by layer.
  static Table streams(PaperFigures figures) {
    var rows = new ArrayList<Point>();
    for (var condition : figures.steered()) {
      condition.points().forEach(point -> rows.add(new Point(condition, point)));
    }
    return Table.of(
        "intervention_curves",
        "The last token's resid_pre under every intervention: cosine with the direction and"
            + " projection on it, means over prompts with standard deviation and Student's 95 %"
            + " intervals.",
        rows,
        text("prompts", "Prompts", row -> row.of().prompts()),
        code("variant", "Variant", row -> row.of().variant().text()),
        ordinal("layer", "Layer", row -> row.at().layer()),
        number("cosine", "Cosine", Unit.COSINE, row -> row.at().cosine().mean()),
        number("cosine_sd", "SD", Unit.COSINE, row -> row.at().cosine().sd()),
        range("cosine_interval", "95 % interval", Unit.COSINE, r -> r.at().cosine().interval()),
        number("projection", "Projection", Unit.STREAM, row -> row.at().projection().mean()),
        number("projection_sd", "SD", Unit.STREAM, row -> row.at().projection().sd()),
        range(
            "projection_interval",
            "95 % interval",
            Unit.STREAM,
            row -> row.at().projection().interval()));
  }

  private record Opening(SteeredCondition of, int rank, OpeningToken token) {}

  /// What answers open with.
  static Table openings(PaperFigures figures) {
    var rows = new ArrayList<Opening>();
    for (var condition : figures.steered()) {
      for (int i = 0; i < condition.openings().size(); i++) {
        rows.add(new Opening(condition, i + 1, condition.openings().get(i)));
      }
    }
    return Table.of(
        "openings",
        "The likeliest first tokens of an answer: mean probability over prompts with Student's 95 %"
            + " interval, before and under each intervention.",
        rows,
        text("prompts", "Prompts", row -> row.of().prompts()),
        code("variant", "Variant", row -> row.of().variant().text()),
        ordinal("rank", "Rank", Opening::rank),
        ordinal("id", "Id", row -> row.token().id()),
        code("token", "Token", row -> Wording.token(row.token().text())),
        number("probability", "Probability", Unit.SHARE, r -> r.token().probability().mean()),
        range("interval", "95 % interval", Unit.SHARE, row -> within(row.token().probability())));
  }

  private static Interval within(Estimate share) {
    return new Interval(
        Math.clamp(share.low(), 0, 1),
        Math.clamp(share.high(), 0, 1),
        Interval.USUAL_LEVEL,
        "Student");
  }

  /// The main axis by layer.
  static Table axes(PaperFigures figures) {
    return Table.of(
        "main_axes",
        "The first principal component of refused and harmless prompts together at the direction's"
            + " position: share of the variance, cosine (without sign) with the direction and with"
            + " the layer's own difference of means, and how well it tells the kinds apart, with"
            + " Newcombe's interval.",
        figures.axes(),
        ordinal("layer", "Layer", MainAxis::layer),
        number("share", "Variance", Unit.SHARE, MainAxis::share),
        number("cosine", "Cosine, direction", Unit.COSINE, MainAxis::cosine),
        number("cosine_difference", "Cosine, layer's", Unit.COSINE, MainAxis::cosineOfDifference),
        number("auroc", "AUROC", Unit.AUROC, axis -> axis.auroc().value()),
        range("auroc_interval", "95 % interval", Unit.AUROC, MainAxis::interval));
  }

  /// Attention of all chosen heads together.
  static Table sums(PaperFigures figures) {
    return Table.of(
        "attention_sums",
        "Attention from the last token summed over the heads above, by what the tokens belong to;"
            + " change against plain prompt by prompt.",
        figures.sums(),
        code("condition", "Condition", HeadSum::condition),
        text("region", "Tokens", sum -> sum.region().name().toLowerCase(Locale.ROOT)),
        number("mass", "Sum", Unit.RATIO, sum -> sum.mass().mean()),
        number("sd", "SD", Unit.RATIO, sum -> sum.mass().sd()),
        range("interval", "95 % interval", Unit.RATIO, sum -> sum.mass().interval()),
        numberOr("change", "Change", Unit.RATIO, sum -> sum.change().map(Estimate::mean), NO_PAIRS),
        rangeOr(
            "change_interval",
            "95 % interval",
            Unit.RATIO,
            sum -> sum.change().map(Estimate::interval),
            NO_PAIRS));
  }
}
