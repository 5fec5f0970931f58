package dev.demur.lab.report.map;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.map.MapResult.Opening;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.geometry.Apart;
import dev.demur.lab.map.geometry.PairGeometry;
import dev.demur.lab.map.reading.Matching;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Tables of how directions lie.
final class MapTables {

  private MapTables() {}

  static Table pairs(MapResult result) {
    return Table.of(
        "map_pairs",
        "Every direction: what it is made of, and how sure it is.",
        result.pairs(),
        text("pair", "Pair", PairGeometry::name),
        text("language", "Language", PairGeometry::language),
        ordinal("layer", "Layer", p -> p.place().layer()),
        ordinal("position", "Position", p -> p.place().position()),
        count("target", "Target", PairGeometry::target),
        count("contrast", "Contrast", PairGeometry::contrast),
        count("asked", "Asked", PairGeometry::asked),
        number("norm", "Length", Unit.STREAM, p -> p.nulls().norm()),
        number("p_shuffled", "p (labels)", Unit.P_VALUE, p -> p.nulls().shuffledPValue()),
        number("halves", "Halves", Unit.COSINE, p -> p.stability().splitHalf().mean()),
        number("redrawn", "Redrawn", Unit.COSINE, p -> p.stability().cosine().mean()),
        range("redrawn_interval", "95 %", Unit.COSINE, p -> p.stability().cosine().interval()),
        numberOr(
            "other_contrast",
            "Against other targets",
            Unit.COSINE,
            PairGeometry::otherContrast,
            "no other pair"));
  }

  /// Cosines as a square.
  static Table matrix(MapResult result) {
    return square(
        result,
        "map_cosines",
        "Cosines of all directions, like ones together.",
        Unit.COSINE,
        Angle::cosine);
  }

  /// Areas as a square.
  static Table told(MapResult result) {
    return square(
        result,
        "map_auroc",
        "How well a row's direction tells the test prompts of a column's pair apart (AUROC).",
        Unit.AUROC,
        angle -> angle.auroc().value());
  }

  private static Table square(
      MapResult result, String id, String caption, Unit unit, ToDoubleFunction<Angle> value) {
    var columns = new ArrayList<Columns<String>>();
    columns.add(text("pair", "Pair", name -> name));
    for (int i = 0; i < result.names().size(); i++) {
      String other = result.names().get(i);
      columns.add(
          number(
              "pair_" + (i + 1),
              other,
              unit,
              name -> value.applyAsDouble(result.angle(name, other))));
    }
    return square(id, caption, result.names(), columns);
  }

  /// A table whose columns are not known beforehand.
  static <R> Table square(String id, String caption, List<R> rows, List<Columns<R>> columns) {
    var parts = Columns.together(columns).parts();
    return new Table(
        id,
        caption,
        parts.stream().map(Columns.Part::column).toList(),
        rows.stream()
            .map(
                row ->
                    new Table.Row(
                        parts.stream().<Cell>map(part -> part.cell().apply(row)).toList(),
                        Table.Mark.NONE))
            .toList());
  }

  static Table angles(MapResult result) {
    return Table.of(
        "map_angles",
        "Cosines with their intervals, the same without shared prompts, and shuffled labels.",
        result.angles(),
        text("first", "First", Angle::first),
        text("second", "Second", Angle::second),
        number("cosine", "Cosine", Unit.COSINE, Angle::cosine),
        range("interval", "95 %", Unit.COSINE, Angle::interval),
        disjoint(),
        number("null_cosine", "Shuffled, 95 %", Unit.COSINE, Angle::nullCosine),
        numberOr("p", "p", Unit.P_VALUE, Angle::pValue, "too few prompts that are not shared"),
        adjusted());
  }

  static Columns<Angle> disjoint() {
    return numberOr(
        "disjoint",
        "Nothing shared",
        Unit.COSINE,
        Angle::disjoint,
        "too few prompts that are not shared");
  }

  static Columns<Angle> adjusted() {
    return numberOr("p_holm", "p (Holm)", Unit.P_VALUE, Angle::adjusted, "not in the family");
  }

  static Table along(MapResult result) {
    return Table.of(
        "map_along",
        "How well each direction tells the test prompts of each pair apart.",
        result.angles(),
        text("direction", "Direction", Angle::first),
        text("prompts", "Prompts of", Angle::second),
        number("auroc", "AUROC", Unit.AUROC, a -> a.auroc().value()),
        range("auroc_interval", "95 %", Unit.AUROC, a -> a.auroc().newcombe(Interval.USUAL_LEVEL)),
        numberOr("d_prime", "d′", Unit.RATIO, Angle::dPrime, "projections do not scatter"));
  }

  static Table apart(MapResult result) {
    return Table.of(
        "map_places",
        "How far the sides of each pair lie apart, by place.",
        result.apart(),
        text("pair", "Pair", Apart::pair),
        ordinal("layer", "Layer", a -> a.place().layer()),
        ordinal("position", "Position", a -> a.place().position()),
        number("norm", "Length", Unit.STREAM, Apart::norm),
        numberOr("d_prime", "d′", Unit.RATIO, Apart::dPrime, "too few, or no scatter"),
        number("auroc", "AUROC of test prompts", Unit.AUROC, a -> a.auroc().value()));
  }

  static Table openings(MapResult result) {
    return Table.of(
        "map_tokens",
        "First tokens that tell target from contrast prompts, by language, and how much of the"
            + " difference they hold.",
        result.openings(),
        text("language", "Language", Opening::language),
        code(
            "tokens",
            "Tokens",
            o -> o.tokens().stream().map(t -> "\"" + t + "\"").collect(Collectors.joining(" "))),
        number("coverage", "Coverage", Unit.SHARE, Opening::coverage));
  }

  static Table matchings(MapResult result) {
    return Table.of(
        "map_matched",
        "Lengths and digits of both sides, and the direction of prompts matched in both.",
        result.matchings(),
        text("pair", "Pair", Matching::pair),
        number("target_tokens", "Target tokens", Unit.DIMENSIONS, Matching::targetTokens),
        number("contrast_tokens", "Contrast tokens", Unit.DIMENSIONS, Matching::contrastTokens),
        number("target_digits", "Target digits", Unit.DIMENSIONS, Matching::targetDigits),
        number("contrast_digits", "Contrast digits", Unit.DIMENSIONS, Matching::contrastDigits),
        count("matched", "Matched", Matching::matched),
        numberOr("cosine", "Cosine", Unit.COSINE, Matching::cosine, "too few partners"));
  }
}
