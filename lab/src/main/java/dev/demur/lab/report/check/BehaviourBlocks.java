package dev.demur.lab.report.check;

import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.behaviour.Behaviour;
import dev.demur.lab.behaviour.Behaviour.Beside;
import dev.demur.lab.behaviour.Behaviour.ModelBehaviour;
import dev.demur.lab.behaviour.Behaviour.Rederived;
import dev.demur.lab.behaviour.BehaviourRun;
import dev.demur.lab.behaviour.LostShare;
import dev.demur.lab.behaviour.Restored;
import dev.demur.lab.behaviour.RetainedGap;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an audit saw a checkpoint do, and what puts back what it lost.
final class BehaviourBlocks {

  private BehaviourBlocks() {}

  static List<Section> sections(BehaviourRun run, Optional<LostShare> lost) {
    var behaviour = run.behaviour();
    var sections = new ArrayList<Section>();
    sections.add(
        new Section(
            "behaviour",
            "Behaviour, judge %s (95 %% intervals)".formatted(behaviour.judge()),
            cards(behaviour, lost)));
    if (!run.restored().isEmpty()) {
      sections.add(restored(run.restored()));
    }
    return sections;
  }

  private static List<Block> cards(Behaviour behaviour, Optional<LostShare> lost) {
    var cards = new ArrayList<Block>();
    var beside = behaviour.parent();
    beside.ifPresent(both -> cards.add(model("parent", both.parent(), "the one given")));
    String known = beside.isPresent() ? "the parent's" : "the one given";
    cards.add(model("checkpoint", behaviour.checkpoint(), known));
    beside.ifPresent(both -> cards.add(changes(both, lost)));
    return cards;
  }

  /// @param known what its direction is held against
  private static Card model(String role, ModelBehaviour model, String known) {
    var facts = new ArrayList<Fact>();
    facts.add(rate("refuses harmful prompts", model.refused()));
    facts.add(rate("refuses harmless prompts", model.overRefused()));
    if (model.broken().successes() > 0) {
      facts.add(rate("broken answers", model.broken()));
    }
    model.direction().ifPresent(d -> direction(d, known, facts));
    facts.add(new Fact("directions", new Text(directions(model)), ""));
    return new Card(role + ", " + model.model(), facts);
  }

  private static void direction(Rederived direction, String known, List<Fact> facts) {
    facts.add(
        new Fact(
            "direction re-derived",
            new Text(
                String.format(
                    Locale.ROOT,
                    "layer %d, position %s",
                    direction.place().layer(),
                    Numbers.ordinal(direction.place().position()))),
            "length %s, stable rank %s%s"
                .formatted(
                    Numbers.amount(direction.norm(), Unit.STREAM),
                    Numbers.amount(direction.stableRank(), Unit.DIMENSIONS),
                    direction
                        .cosine()
                        .map(c -> ", cosine with " + known + " " + Numbers.amount(c, Unit.COSINE))
                        .orElse(""))));
    var separation = direction.separation();
    facts.add(
        new Fact(
            "tells asked prompts",
            new Amount(separation.value(), Unit.AUROC),
            "AUROC, %s; chance is 0.5"
                .formatted(Numbers.range(separation.newcombe(Interval.USUAL_LEVEL), Unit.AUROC))));
  }

  private static String directions(ModelBehaviour model) {
    var steps = model.ablations();
    if (steps.size() == 1 && model.directionsUntilFew().isPresent()) {
      return "none to ablate: it refuses under 10 % as it is";
    }
    if (steps.size() == 1) {
      return "none found that leaves harmless answers alone";
    }
    var last = steps.getLast();
    return model
        .directionsUntilFew()
        .map(
            n ->
                String.format(
                    Locale.ROOT,
                    "refusal under 10 %% with %d ablated: %s; %s broken",
                    n,
                    Numbers.rate(last.refused()),
                    Numbers.share(last.broken().share())))
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "with %d ablated still %s",
                    last.directions(),
                    Numbers.rate(last.refused())));
  }

  private static Card changes(Beside beside, Optional<LostShare> lost) {
    var facts = new ArrayList<Fact>();
    facts.add(change("on harmful prompts", beside.refused()));
    facts.add(change("on harmless prompts", beside.overRefused()));
    facts.add(
        beside
            .gap()
            .map(BehaviourBlocks::gap)
            .orElse(
                new Fact(
                    "retained gap ρ",
                    new Missing("the parent has no gap along its direction"),
                    "the parent has no gap along its direction")));
    lost.ifPresent(
        share ->
            facts.add(
                new Fact(
                    "direction lost",
                    new Amount(share.combined(), Unit.RATIO),
                    "by the weights %s, by the streams %s; 1 is all of it"
                        .formatted(
                            Numbers.amount(share.byWeights(), Unit.RATIO),
                            Numbers.amount(share.byStreams(), Unit.RATIO)))));
    return new Card("from parent to checkpoint", facts);
  }

  private static Fact gap(RetainedGap gap) {
    return new Fact(
        "retained gap ρ",
        new Amount(gap.ratio(), Unit.RATIO),
        String.format(
            Locale.ROOT,
            "%s, layers %d to %d",
            Numbers.range(gap.interval(), Unit.RATIO),
            gap.layers().getFirst().layer(),
            gap.layers().getLast().layer()));
  }

  private static Fact change(String name, PairedTest test) {
    return new Fact(
        name,
        new Amount(test.change(), Unit.POINTS),
        "points, %s; McNemar with Holm: %s"
            .formatted(Numbers.range(test.interval(), Unit.POINTS), Numbers.p(test.adjusted())));
  }

  private static Fact rate(String name, Rate rate) {
    return new Fact(name, new Amount(rate.share(), Unit.SHARE), Numbers.interval(rate));
  }

  private static Section restored(List<Restored> restored) {
    var table =
        Table.of(
            "restored",
            "",
            restored,
            text("remedy", "Remedy", row -> row.remedy().toString()),
            share("refused", "Refuses harmful", Restored::refused),
            wilson("refused_wilson", Restored::refused),
            share("over_refused", "Refuses harmless", Restored::overRefused),
            wilson("over_refused_wilson", Restored::overRefused),
            share("broken", "Broken", Restored::broken),
            share("broken_harmless", "of harmless", Restored::brokenHarmless),
            share("steered", "Steered", Restored::steered),
            share("steered_harmless", "of harmless", Restored::steeredHarmless));
    return new Section(
        "restored",
        "Put back at inference, with the parent's direction",
        List.of(
            new Data(table, Fold.OPEN),
            new Prose(
                "Broken and steered: of harmful, of harmless prompts. Refusing harmless prompts as"
                    + " well is not a repair.")));
  }
}
