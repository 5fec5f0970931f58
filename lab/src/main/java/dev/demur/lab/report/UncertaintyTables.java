package dev.demur.lab.report;

import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.DirectionUncertainty.Choice;
import dev.demur.lab.direction.DirectionUncertainty.Contender;
import dev.demur.lab.direction.DirectionUncertainty.Cosine;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Mark;
import dev.demur.lab.report.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How sure the direction and its choice are, as tables and as sentences.
final class UncertaintyTables {

  private static final int NEAREST = 8;

  private UncertaintyTables() {}

  /// Which other candidates the validation prompts would have chosen, or cannot tell from the one.
  static Table rivals(Choice choice, List<String> tokens) {
    var rows = new ArrayList<Row>();
    for (var contender : shown(choice)) {
      rows.add(rival(contender, choice, tokens, rows.isEmpty() ? Mark.CHOSEN : Mark.NONE));
    }
    return new Table(
        "rivals",
        "The chosen candidate and its nearest rivals. Chosen: share of "
            + Numbers.counted(choice.resamples(), "resample")
            + " of the validation prompts that choose it. Difference: bypass score minus the chosen"
            + " one's on the same prompts, in nats (positive is worse), with Student's 95 %"
            + " interval; p by the paired t-test, then corrected by Holm over all rivals. A rival"
            + " is tied when the corrected p is 0.05 or more.",
        List.of(
            Column.number("position", "Position"),
            Column.text("token", "Token"),
            Column.number("layer", "Layer"),
            Column.number("chosen", "Chosen"),
            Column.number("difference", "Difference"),
            Column.range("difference_interval", "95 % interval"),
            Column.number("p_value", "p"),
            Column.number("p_holm", "p (Holm)"),
            Column.text("tied", "Tied")),
        rows);
  }

  /// The nearest rivals, and all that are tied or won a resample; report.json has every one.
  private static List<Contender> shown(Choice choice) {
    var all = choice.contenders();
    return IntStream.range(0, all.size())
        .filter(i -> i < NEAREST || all.get(i).isTied() || all.get(i).wins() > 0)
        .mapToObj(all::get)
        .toList();
  }

  private static Row rival(Contender contender, Choice choice, List<String> tokens, Mark mark) {
    var place = contender.candidate();
    boolean chosen = mark == Mark.CHOSEN;
    return new Row(
        List.of(
            new Ordinal(place.position()),
            new Code(CandidateTables.token(tokens, place.position())),
            new Ordinal(place.layer()),
            new Amount((double) contender.wins() / choice.resamples(), Unit.SHARE),
            chosen ? new Missing("itself") : new Amount(contender.difference(), Unit.NATS),
            chosen ? new Missing("itself") : new Range(contender.interval(), Unit.NATS),
            chosen ? new Missing("itself") : new Amount(contender.pValue(), Unit.P_VALUE),
            chosen ? new Missing("itself") : new Amount(contender.adjusted(), Unit.P_VALUE),
            new Text(chosen ? "chosen" : contender.isTied() ? "yes" : "no")),
        mark);
  }

  /// Cosines of the direction with itself under other prompts, and with what means nothing.
  static Table stability(DirectionUncertainty uncertainty) {
    var stability = uncertainty.stability();
    var nulls = uncertainty.nulls();
    return new Table(
        "stability",
        "Cosine of the direction with directions of other training prompts, and with directions"
            + " that mean nothing, at the same place. Ranges are the middle 95 % of the draws; of"
            + " random directions, 95 % lie below the value in size.",
        List.of(
            Column.text("what", "Compared with"),
            Column.number("draws", "Draws"),
            Column.number("cosine", "Cosine"),
            Column.range("range", "95 % of draws")),
        List.of(
            cosine(
                "prompts drawn again with replacement", stability.resamples(), stability.cosine()),
            cosine(
                "one half of the prompts with the other",
                stability.splits(),
                stability.splitHalf()),
            nothing("random directions", nulls.draws(), nulls.randomCosine())));
  }

  private static Row cosine(String what, int draws, Cosine cosine) {
    return Row.of(
        new Text(what),
        new Count(draws),
        new Amount(cosine.mean(), Unit.COSINE),
        new Range(cosine.interval(), Unit.COSINE));
  }

  private static Row nothing(String what, int draws, double cosine) {
    return Row.of(
        new Text(what),
        new Count(draws),
        new Amount(cosine, Unit.COSINE),
        new Missing("95th percentile of the size"));
  }

  /// What is said of the choice in a summary.
  static String choice(Choice choice) {
    var tied = choice.tied();
    String ties =
        tied.isEmpty()
            ? "each of the %d others is worse beyond chance"
                .formatted(choice.contenders().size() - 1)
            : "%d of the %d others cannot be told from it (the nearest: position %s, layer %d)"
                .formatted(
                    tied.size(),
                    choice.contenders().size() - 1,
                    Numbers.ordinal(tied.getFirst().candidate().position()),
                    tied.getFirst().candidate().layer());
    return choice.contenders().size() < 2
        ? "It is the only candidate that passes the filters."
        : "Drawing the validation prompts anew chooses the same candidate in %s of %s; %s."
            .formatted(
                Numbers.share((double) choice.same() / choice.resamples()),
                Numbers.counted(choice.resamples(), "resample"),
                ties);
  }

  /// What is said of the direction in a summary.
  static String direction(DirectionUncertainty uncertainty) {
    var stability = uncertainty.stability();
    var nulls = uncertainty.nulls();
    return "Training prompts drawn again give directions of cosine %s with this one (95 %% of resamples %s), halves of them %s with each other; the difference of means is %s long, with shuffled labels 95 %% are shorter than %s."
        .formatted(
            Numbers.amount(stability.cosine().mean(), Unit.COSINE),
            Numbers.range(stability.cosine().interval(), Unit.COSINE),
            Numbers.amount(stability.splitHalf().mean(), Unit.COSINE),
            Numbers.amount(nulls.norm(), Unit.STREAM),
            Numbers.amount(nulls.shuffledNorm(), Unit.STREAM));
  }

  /// What the resampling does and does not cover.
  static String covers(DirectionUncertainty uncertainty) {
    var nulls = uncertainty.nulls();
    return ("Training and validation prompts are resampled apart: the first for the direction at"
            + " the chosen place, the second for the choice among candidates as they are."
            + " Candidates are not estimated and scored anew in each resample, and one that a"
            + " filter had ruled out before all its scores were computed cannot win, so the"
            + " choice is if anything less sure than this. The difference of means has length"
            + " %s; with labels shuffled among the training prompts 95 %% are shorter than %s"
            + " (%s).")
        .formatted(
            Numbers.amount(nulls.norm(), Unit.STREAM),
            Numbers.amount(nulls.shuffledNorm(), Unit.STREAM),
            Numbers.p(nulls.shuffledPValue()));
  }
}
