package dev.demur.lab.report;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.orMissing;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.diff.RunDiff.CandidateCosine;
import dev.demur.lab.diff.RunDiff.RateChange;
import dev.demur.lab.diff.RunDiff.Side;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.stats.PairedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The page of two runs side by side.
public final class RunDiffReport {

  /// A hash or a long list is distinguished from another by its first characters.
  private static final int SHOWN = 24;

  private static final String NOT_SCORED = "not scored";
  private static final String NOT_TESTED = "the runs asked no prompt in common";

  private final RunDiff diff;

  private RunDiffReport(RunDiff diff) {
    this.diff = diff;
  }

  /// Tells what differs.
  public static Report of(RunDiff diff) {
    return new RunDiffReport(diff).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(new Section("sides", "", sides()));
    sections.add(new Section("settings", "", List.of(settings())));
    if (diff.first().chosen().isPresent() || diff.second().chosen().isPresent()) {
      sections.add(new Section("selections", "Selections", List.of(open(selections()))));
    }
    if (!diff.candidates().isEmpty()) {
      sections.add(new Section("directions", "Directions", directions()));
    }
    if (!diff.rates().isEmpty()) {
      sections.add(rates());
    }
    return new Report("Demur diff", "Two runs", "B against A", sections);
  }

  private static Data open(Table table) {
    return new Data(table, Fold.OPEN);
  }

  private List<Block> sides() {
    var blocks = new ArrayList<Block>();
    blocks.add(side("A", diff.first()));
    blocks.add(side("B", diff.second()));
    diff.obstacles().forEach(obstacle -> blocks.add(new Notice(obstacle)));
    return blocks;
  }

  private static Points side(String letter, Side side) {
    return new Points(
        "%s: %s (%s)".formatted(letter, side.name(), side.model()),
        List.of(side.finding().sentence()));
  }

  private Block settings() {
    return diff.settings().isEmpty()
        ? new Prose("Model facts and settings are the same.")
        : new Points(
            "Not the same",
            diff.settings().stream()
                .map(s -> "%s: %s and %s".formatted(s.name(), shown(s.first()), shown(s.second())))
                .toList());
  }

  private static String shown(String value) {
    return value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
  }

  private Table selections() {
    return Table.of(
        "selections",
        "What each run chose, as each run scored it; scores in nats.",
        List.of(
            new Choice("A's choice in A", diff.first().chosen()),
            new Choice("A's choice in B", diff.second().choiceOfOther()),
            new Choice("B's choice in B", diff.second().chosen()),
            new Choice("B's choice in A", diff.first().choiceOfOther())),
        text("choice", "Choice", Choice::name),
        cell(Column.number("position", "Position"), c -> c.place(s -> s.candidate().position())),
        cell(Column.number("layer", "Layer"), c -> c.place(s -> s.candidate().layer())),
        numberOr("bypass", "Bypass", Unit.NATS, c -> c.score(CandidateScores::bypass), NOT_SCORED),
        numberOr("induce", "Induce", Unit.NATS, c -> c.score(CandidateScores::induce), NOT_SCORED),
        numberOr("kl", "KL", Unit.KL, c -> c.score(CandidateScores::kl), NOT_SCORED),
        text("verdict", "Verdict", Choice::verdict));
  }

  /// One run's choice as one of the two scored it.
  private record Choice(String name, Optional<CandidateScores> scores) {

    Cell place(Function<CandidateScores, Integer> where) {
      return orMissing(scores.map(where).map(Ordinal::new), NOT_SCORED);
    }

    Optional<Double> score(Function<CandidateScores, Optional<Double>> score) {
      return scores.flatMap(score);
    }

    String verdict() {
      return scores
          .map(s -> s.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .orElse("");
    }
  }

  private List<Block> directions() {
    var blocks = new ArrayList<Block>();
    diff.chosenCosine()
        .ifPresent(
            c ->
                blocks.add(
                    new Prose("Cosine of the chosen ones: " + Numbers.amount(c, Unit.COSINE))));
    blocks.add(open(cosines()));
    return blocks;
  }

  /// A row a layer, a column a position.
  private Table cosines() {
    var columns = new ArrayList<Columns<Integer>>();
    columns.add(ordinal("layer", "Layer", layer -> layer));
    for (int position :
        diff.candidates().stream().map(c -> c.candidate().position()).distinct().toList()) {
      columns.add(
          numberOr(
              "position" + position,
              Numbers.ordinal(position),
              Unit.COSINE,
              layer -> at(position, layer),
              "not read by both"));
    }
    return Table.of(
        "cosines",
        "Cosine of the directions read at the same place; columns are positions.",
        diff.candidates().stream().map(c -> c.candidate().layer()).distinct().sorted().toList(),
        Columns.together(columns));
  }

  private Optional<Double> at(int position, int layer) {
    return diff.candidates().stream()
        .filter(c -> c.candidate().position() == position && c.candidate().layer() == layer)
        .findFirst()
        .map(CandidateCosine::cosine);
  }

  private Section rates() {
    String judge = diff.rates().getFirst().judge();
    return new Section(
        "rates",
        "Refused, judge " + judge,
        List.of(
            open(
                Table.of(
                    "rates",
                    "",
                    diff.rates().stream().filter(row -> row.judge().equals(judge)).toList(),
                    text("name", "Set, variant", row -> row.set() + ", " + row.variant()),
                    share("first", "A", RateChange::first),
                    share("second", "B", RateChange::second),
                    numberOr("change", "B − A", Unit.POINTS, of(PairedTest::change), NOT_TESTED),
                    rangeOr(
                        "change_interval",
                        "95 % interval",
                        Unit.POINTS,
                        of(PairedTest::interval),
                        NOT_TESTED),
                    count("only_first", "Only A", test -> test.counts().onlyFirst()),
                    count("only_second", "Only B", test -> test.counts().onlySecond()),
                    numberOr("p_value", "p", Unit.P_VALUE, of(PairedTest::pValue), NOT_TESTED),
                    numberOr(
                        "p_holm", "p (Holm)", Unit.P_VALUE, of(PairedTest::adjusted), NOT_TESTED))),
            new Prose(
                "Changes are in percentage points on the prompts both runs asked, intervals by"
                    + " Tango; p by the exact McNemar test, corrected over all rows of all"
                    + " judges.")));
  }

  private static <T> Function<RateChange, Optional<T>> of(Function<PairedTest, T> value) {
    return row -> row.test().map(value);
  }

  private static Columns<RateChange> count(
      String key, String heading, Function<PairedTest, Integer> value) {
    return cell(
        Column.number(key, heading),
        row -> orMissing(row.test().map(value).map(Count::new), NOT_TESTED));
  }
}
