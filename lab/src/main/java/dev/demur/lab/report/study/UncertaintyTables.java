package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.DirectionUncertainty.Choice;
import dev.demur.lab.direction.DirectionUncertainty.Contender;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// How sure the direction and its choice are, as tables and as sentences.
final class UncertaintyTables {

  private static final int NEAREST = 8;

  private static final String ITSELF = "itself";

  private UncertaintyTables() {}

  /// Which other candidates the validation prompts would have chosen, or cannot tell from the one.
  static Table rivals(Choice choice, List<String> tokens) {
    var shown = shown(choice);
    Predicate<Contender> chosen = row -> row.equals(shown.getFirst());
    return Table.of(
        "rivals",
        "The chosen candidate and its nearest rivals. Chosen: share of "
            + Numbers.counted(choice.resamples(), "resample")
            + " of the validation prompts that choose it. Difference: bypass score minus the chosen"
            + " one's on the same prompts, in nats (positive is worse), with Student's 95 %"
            + " interval; p by the paired t-test, then corrected by Holm over all rivals. A rival"
            + " is tied when the corrected p is 0.05 or more.",
        shown,
        chosen,
        ordinal("position", "Position", row -> row.candidate().position()),
        code("token", "Token", row -> CandidateTables.token(tokens, row.candidate().position())),
        ordinal("layer", "Layer", row -> row.candidate().layer()),
        number("chosen", "Chosen", Unit.SHARE, row -> (double) row.wins() / choice.resamples()),
        numberOr("difference", "Difference", Unit.NATS, of(chosen, Contender::difference), ITSELF),
        rangeOr(
            "difference_interval",
            "95 % interval",
            Unit.NATS,
            of(chosen, Contender::interval),
            ITSELF),
        numberOr("p_value", "p", Unit.P_VALUE, of(chosen, Contender::pValue), ITSELF),
        numberOr("p_holm", "p (Holm)", Unit.P_VALUE, of(chosen, Contender::adjusted), ITSELF),
        text("tied", "Tied", row -> chosen.test(row) ? "chosen" : row.isTied() ? "yes" : "no"));
  }

  /// What the chosen one does not have.
  private static <T> Function<Contender, Optional<T>> of(
      Predicate<Contender> chosen, Function<Contender, T> value) {
    return row -> Optional.of(row).filter(chosen.negate()).map(value);
  }

  /// The nearest rivals, and all that are tied or won a resample; report.json has every one.
  private static List<Contender> shown(Choice choice) {
    var all = choice.contenders();
    return IntStream.range(0, all.size())
        .filter(i -> i < NEAREST || all.get(i).isTied() || all.get(i).wins() > 0)
        .mapToObj(all::get)
        .toList();
  }

  /// Cosines of the direction with itself under other prompts, and with what means nothing.
  static Table stability(DirectionUncertainty uncertainty) {
    var stability = uncertainty.stability();
    var nulls = uncertainty.nulls();
    return Table.of(
        "stability",
        "Cosine of the direction with directions of other training prompts, and with directions"
            + " that mean nothing, at the same place. Ranges are the middle 95 % of the draws; of"
            + " random directions, 95 % lie below the value in size.",
        List.of(
            new Compared(
                "prompts drawn again with replacement",
                stability.resamples(),
                stability.cosine().mean(),
                Optional.of(stability.cosine().interval())),
            new Compared(
                "one half of the prompts with the other",
                stability.splits(),
                stability.splitHalf().mean(),
                Optional.of(stability.splitHalf().interval())),
            new Compared(
                "random directions", nulls.draws(), nulls.randomCosine(), Optional.empty())),
        text("what", "Compared with", Compared::what),
        count("draws", "Draws", Compared::draws),
        number("cosine", "Cosine", Unit.COSINE, Compared::cosine),
        rangeOr(
            "range", "95 % of draws", Unit.COSINE, Compared::range, "95th percentile of the size"));
  }

  private record Compared(String what, int draws, double cosine, Optional<Interval> range) {}

  /// What is said of the choice in a summary.
  static String choice(Choice choice) {
    var tied = choice.tied();
    String ties =
        tied.isEmpty()
            ? String.format(
                Locale.ROOT,
                "each of the %d others is worse beyond chance",
                choice.contenders().size() - 1)
            : String.format(
                Locale.ROOT,
                "%d of the %d others cannot be separated from it (the nearest: position %s,"
                    + " layer %d)",
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
    return String.format(
        Locale.ROOT,
        "Training prompts drawn again give directions of cosine %s with this one (95 %% of"
            + " resamples %s), halves of them %s with each other; the difference of means is %s"
            + " long, with shuffled labels 95 %% are shorter than %s.",
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
