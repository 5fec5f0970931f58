package dev.demur.lab.report.map;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.map.effect.Association;
import dev.demur.lab.map.effect.BackTranslation;
import dev.demur.lab.map.effect.ControlledRow;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Tried;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.style.Style;
import dev.demur.lab.map.style.StyleRow;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Tables of what directions do.
final class MapEffects {

  private static final String NOBODY = "nobody may say";

  private MapEffects() {}

  /// A row of the square: the unedited model, or a direction.
  private record Line(String name, Optional<Tried> tried) {}

  /// What ablating each direction leaves on each set.
  static Table transfer(MapResult result) {
    var sets = result.effects().stream().map(Effect::set).distinct().toList();
    var lines = new ArrayList<Line>();
    lines.add(new Line("unedited", Optional.empty()));
    result.effects().stream()
        .map(Effect::tried)
        .filter(tried -> tried.way() == Way.ABLATION)
        .distinct()
        .sorted(Comparator.comparingInt(tried -> place(result, tried)))
        .forEach(tried -> lines.add(new Line(tried.direction(), Optional.of(tried))));
    var columns = new ArrayList<Columns<Line>>();
    columns.add(text("ablated", "Ablated", Line::name));
    for (int i = 0; i < sets.size(); i++) {
      String set = sets.get(i);
      columns.add(cell(Column.number("share_" + (i + 1), set), line -> share(result, line, set)));
    }
    return MapTables.square(
        "map_transfer",
        "Share that counts ("
            + result.counted()
            + ") on each set. A dash has its reason beside it.",
        lines,
        columns);
  }

  /// Pairs in their order, controls behind them.
  private static int place(MapResult result, Tried tried) {
    int place = result.names().indexOf(tried.direction());
    return place < 0 ? result.names().size() : place;
  }

  private static Cell share(MapResult result, Line line, String set) {
    var effect =
        line.tried().isPresent()
            ? result.effect(line.tried().get(), set)
            : result.effects().stream().filter(e -> e.set().equals(set)).findFirst();
    if (effect.isEmpty()) {
      return new Missing("not tried");
    }
    boolean unedited = line.tried().isEmpty();
    var reserve = effect.get().reserve();
    if (reserve.isPresent() && !unedited) {
      return new Missing(reserve.get());
    }
    var rate = unedited ? effect.get().unedited() : effect.get().edited();
    return Columns.orMissing(
        rate.map(r -> new Amount(r.share(), Unit.SHARE)), reserve.orElse(NOBODY));
  }

  static Table all(MapResult result) {
    return Table.of(
        "map_effects",
        "Every edit on every set: the share that counts and the score, before and after.",
        result.effects(),
        text("way", "Way", e -> e.tried().way().text()),
        text("direction", "Direction", e -> e.tried().direction()),
        number("amount", "Amount", Unit.COEFFICIENT, e -> e.tried().amount()),
        ordinal("layer", "Layer", e -> e.tried().layer()),
        text("purpose", "Purpose", e -> e.tried().purpose() == Purpose.TRIED ? "tried" : "control"),
        text("set", "Set", Effect::set),
        text("role", "Role", e -> e.role().text()),
        count("n", "n", e -> e.broken().n()),
        numberOr("unedited", "Unedited", Unit.SHARE, e -> share(e.unedited()), NOBODY),
        numberOr("edited", "Edited", Unit.SHARE, e -> share(e.edited()), NOBODY),
        numberOr("change", "Change", Unit.POINTS, e -> e.test().map(PairedTest::change), NOBODY),
        rangeOr(
            "change_interval",
            "95 %",
            Unit.POINTS,
            e -> e.test().map(PairedTest::interval),
            NOBODY),
        numberOr(
            "p_holm", "p (Holm)", Unit.P_VALUE, e -> e.test().map(PairedTest::adjusted), NOBODY),
        numberOr("score", "Score", Unit.NATS, Effect::score, "no score"),
        numberOr(
            "score_change",
            "Change of score",
            Unit.NATS,
            e -> e.change().map(Estimate::mean),
            "no score"),
        rangeOr(
            "score_interval",
            "95 %",
            Unit.NATS,
            e -> e.change().map(Estimate::interval),
            "no score"),
        number("broken", "Broken", Unit.SHARE, e -> e.broken().share()),
        text("reserve", "Reserve", e -> e.reserve().orElse("")));
  }

  private static Optional<Double> share(Optional<Rate> rate) {
    return rate.map(Rate::share);
  }

  /// A curve for every set that directions were added on, at most three.
  static List<Chart> doses(MapResult result) {
    return MapDoses.sets(result).stream().limit(3).map(set -> MapDoses.onSet(result, set)).toList();
  }

  // ---- what only some maps have --------------------------------------------------------------

  static List<Section> more(MapResult result) {
    var sections = new ArrayList<Section>();
    if (!result.controlled().isEmpty()) {
      sections.add(
          new Section(
              "controlled",
              "The controlled set",
              List.of(
                  new Prose(
                      "As many harmful prompts the unedited model refuses as it complies with, and"
                          + " the same of benign ones. A direction that tells harm moves the two"
                          + " shares apart; one that only refuses moves both."),
                  new Data(controlled(result), Fold.OPEN))));
    }
    if (!result.associations().isEmpty()) {
      sections.add(
          new Section(
              "associations",
              "Does geometry tell what edits do?",
              List.of(new Data(associations(result), Fold.OPEN))));
    }
    if (!result.backTranslations().isEmpty()) {
      sections.add(
          new Section(
              "back-translated",
              "What is due to the translation",
              List.of(
                  new Prose(
                      "Every direction with a pair in another language, and with the same prompts"
                          + " translated back. Where both cells show the same, the language of the"
                          + " prompts is not the reason."),
                  new Data(backTranslations(result), Fold.OPEN))));
    }
    if (!result.styles().isEmpty()) {
      sections.add(new Section("styles", "How refusals speak", styles(result)));
    }
    return sections;
  }

  private static Table controlled(MapResult result) {
    return Table.of(
        "map_controlled",
        "Refused harmful prompts (RR), refused benign prompts (ORR), and both done right (Acc).",
        result.controlled(),
        text("edit", "Edit", r -> r.tried().map(Tried::text).orElse("unedited")),
        number("rr", "RR", Unit.SHARE, r -> r.harmful().share()),
        number("orr", "ORR", Unit.SHARE, r -> r.benign().share()),
        number("acc", "Acc", Unit.SHARE, r -> r.right().share()),
        count("harmful", "Harmful", r -> r.harmful().n()),
        count("benign", "Benign", (ControlledRow r) -> r.benign().n()));
  }

  private static Table associations(MapResult result) {
    return Table.of(
        "map_associations",
        "Rank correlations over directions, tested by permutation; the range is that of leaving"
            + " one direction out.",
        result.associations(),
        text("what", "What", Association::what),
        count("n", "Directions", a -> a.correlation().n()),
        number("rho", "ρ", Unit.COEFFICIENT, a -> a.correlation().rho()),
        number("lowest", "Lowest", Unit.COEFFICIENT, a -> a.correlation().lowest()),
        number("highest", "Highest", Unit.COEFFICIENT, a -> a.correlation().highest()),
        number("p", "p", Unit.P_VALUE, a -> a.correlation().pValue()));
  }

  private static Table backTranslations(MapResult result) {
    return Table.of(
        "map_back_translated",
        "Cosines with a pair in another language and with its back-translation, and what ablating"
            + " the direction changes on either's prompts.",
        result.backTranslations(),
        text("direction", "Direction", BackTranslation::direction),
        text("pair", "Pair", BackTranslation::pair),
        number("cosine", "Cosine", Unit.COSINE, BackTranslation::cosine),
        number("back_cosine", "Translated back", Unit.COSINE, BackTranslation::backCosine),
        numberOr("change", "Ablated", Unit.POINTS, BackTranslation::change, NOBODY),
        numberOr(
            "back_change",
            "Ablated, translated back",
            Unit.POINTS,
            BackTranslation::backChange,
            NOBODY));
  }

  private static List<Block> styles(MapResult result) {
    var columns = new ArrayList<Columns<StyleRow>>();
    columns.add(text("direction", "Refusals of", StyleRow::direction));
    columns.add(count("refusals", "n", StyleRow::refusals));
    var kinds = List.of(Style.values());
    IntStream.range(0, kinds.size())
        .forEach(
            i ->
                columns.add(
                    number(
                        kinds.get(i).text().replace(' ', '_'),
                        kinds.get(i).text(),
                        Unit.SHARE,
                        row -> row.shares().get(i))));
    columns.add(
        numberOr(
            "own_halves",
            "JS, own halves",
            Unit.COEFFICIENT,
            StyleRow::ownHalves,
            "too few refusals"));
    columns.add(
        numberOr(
            "nearest",
            "JS, nearest other",
            Unit.COEFFICIENT,
            row ->
                row.toOthers().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        row.toOthers().stream()
                            .mapToDouble(StyleRow.Other::divergence)
                            .min()
                            .orElse(0)),
            "too few refusals"));
    return List.of(
        new Prose(
            "What refusals appeal to, by phrases. A direction has a manner of its own where its"
                + " Jensen-Shannon divergence from the nearest other is well above that of its own"
                + " two halves. The phrases are English and were not measured against people."),
        new Data(
            MapTables.square("map_styles", "Styles of refusals, shares.", result.styles(), columns),
            Fold.OPEN));
  }
}
