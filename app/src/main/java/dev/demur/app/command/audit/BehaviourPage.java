package dev.demur.app.command.audit;

import dev.demur.lab.behaviour.Behaviour;
import dev.demur.lab.behaviour.Behaviour.Beside;
import dev.demur.lab.behaviour.Behaviour.ModelBehaviour;
import dev.demur.lab.behaviour.Behaviour.Rederived;
import dev.demur.lab.behaviour.LostShare;
import dev.demur.lab.behaviour.Restored;
import dev.demur.lab.behaviour.RetainedGap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an audit says of behaviour, for people.
///
/// @param behaviour what was found
/// @param lost how much of the parent's direction is gone
/// @param restored what was tried
record BehaviourPage(Behaviour behaviour, Optional<LostShare> lost, List<Restored> restored) {

  void print(Formatter text) {
    text.format("%n  Behaviour, judge %s (95 %% intervals):%n", behaviour.judge());
    behaviour.parent().ifPresent(beside -> model(text, "parent", beside.parent(), "the one given"));
    String known = behaviour.parent().isPresent() ? "the parent's" : "the one given";
    model(text, "checkpoint", behaviour.checkpoint(), known);
    behaviour.parent().ifPresent(beside -> changes(text, beside));
    lost.ifPresent(share -> lost(text, share));
    if (!restored.isEmpty()) {
      restored(text);
    }
  }

  /// @param known what its direction is held against
  private static void model(Formatter text, String role, ModelBehaviour model, String known) {
    text.format("    %s, %s%n", role, model.model());
    text.format("      refuses                %s of harmful prompts%n", rate(model.refused()));
    text.format("      refuses                %s of harmless prompts%n", rate(model.overRefused()));
    if (model.broken().successes() > 0) {
      text.format("      broken answers         %s%n", rate(model.broken()));
    }
    model.direction().ifPresent(d -> direction(text, d, known));
    text.format("      directions             %s%n", directions(model));
  }

  private static void direction(Formatter text, Rederived direction, String known) {
    text.format(
        "      direction re-derived   layer %d, position %d: length %.2f, stable rank %.2f%s%n",
        direction.place().layer(),
        direction.place().position(),
        direction.norm(),
        direction.stableRank(),
        direction
            .cosine()
            .map(c -> String.format(Locale.ROOT, ", cosine with %s %.3f", known, c))
            .orElse(""));
    var separation = direction.separation();
    var interval = separation.newcombe(Interval.USUAL_LEVEL);
    text.format(
        "      tells asked prompts    AUROC %.3f (%.3f to %.3f; chance is 0.5)%n",
        separation.value(), interval.low(), interval.high());
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
                "refusal under 10 %% with %d ablated: %s; %s broken"
                    .formatted(n, rate(last.refused()), share(last.broken())))
        .orElseGet(
            () -> "with %d ablated still %s".formatted(last.directions(), rate(last.refused())));
  }

  private static void changes(Formatter text, Beside beside) {
    text.format("    from parent to checkpoint%n");
    text.format("      on harmful prompts      %s%n", change(beside.refused()));
    text.format("      on harmless prompts    %s%n", change(beside.overRefused()));
    text.format(
        "      retained gap ρ         %s%n",
        beside.gap().map(BehaviourPage::gap).orElse("the parent has no gap along its direction"));
  }

  private static String gap(RetainedGap gap) {
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f), layers %d to %d",
        gap.ratio(),
        gap.interval().low(),
        gap.interval().high(),
        gap.layers().getFirst().layer(),
        gap.layers().getLast().layer());
  }

  private static void lost(Formatter text, LostShare lost) {
    text.format(
        "      direction lost         %.2f (by the weights %.2f, by the streams %.2f; 1 is all of"
            + " it)%n",
        lost.combined(), lost.byWeights(), lost.byStreams());
  }

  private void restored(Formatter text) {
    text.format("%n  Put back at inference, with the parent's direction:%n");
    text.format(
        "    %-22s %-26s %-26s  broken        steered%n",
        "remedy", "refuses harmful", "refuses harmless");
    for (var row : restored) {
      text.format(
          "    %-22s %-26s %-26s %5s, %5s  %5s, %5s%n",
          row.remedy(),
          rate(row.refused()),
          rate(row.overRefused()),
          share(row.broken()),
          share(row.brokenHarmless()),
          share(row.steered()),
          share(row.steeredHarmless()));
    }
    text.format(
        "    Broken and steered: of harmful, of harmless prompts. Refusing harmless prompts as well"
            + " is no repair.%n");
  }

  private static String change(PairedTest test) {
    return String.format(
        Locale.ROOT,
        "%+.1f points (%+.1f to %+.1f), McNemar with Holm: p %s",
        100 * test.change(),
        100 * test.interval().low(),
        100 * test.interval().high(),
        test.adjusted() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", test.adjusted()));
  }

  private static String share(Rate rate) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * rate.share());
  }

  private static String rate(Rate rate) {
    return String.format(
        Locale.ROOT,
        "%.1f %% (%s)",
        100 * rate.share(),
        rate.wilson(Interval.USUAL_LEVEL).asPercent());
  }
}
