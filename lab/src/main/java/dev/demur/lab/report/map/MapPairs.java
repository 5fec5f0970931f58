package dev.demur.lab.report.map;

import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.geometry.PairGeometry;
import dev.demur.lab.map.style.Style;
import dev.demur.lab.map.style.StyleRow;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;

/// A section for every direction: what it is, how it lies to the others, what each does to the
/// other's prompts.
final class MapPairs {

  private MapPairs() {}

  /// The sections, like directions together.
  static List<Section> sections(MapResult result) {
    return result.names().stream().map(name -> section(result, name)).toList();
  }

  /// Where the section of a direction stands.
  static String anchor(MapResult result, String name) {
    return "direction-" + place(result, name);
  }

  /// The place of a direction among like ones, from 1.
  static int place(MapResult result, String name) {
    return 1 + result.names().indexOf(name);
  }

  private static Section section(MapResult result, String name) {
    var blocks = new ArrayList<Block>();
    blocks.add(card(geometry(result, name)));
    if (result.pairs().size() > 1) {
      blocks.add(new Data(others(result, name), Fold.OPEN));
    }
    MapDoses.ofDirection(result, name).map(Drawing::new).ifPresent(blocks::add);
    result.styles().stream()
        .filter(row -> row.direction().equals(name))
        .map(MapPairs::style)
        .forEach(blocks::add);
    return new Section(anchor(result, name), "Direction: " + name, blocks);
  }

  private static PairGeometry geometry(MapResult result, String name) {
    return result.pairs().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private static Card card(PairGeometry pair) {
    var redrawn = pair.stability().cosine();
    return new Card(
        "What it is",
        List.of(
            new Fact("Language", new Text(pair.language()), ""),
            new Fact("Target prompts", new Count(pair.target()), "make it"),
            new Fact("Contrast prompts", new Count(pair.contrast()), "make it"),
            new Fact("Asked", new Count(pair.asked()), "of the target side"),
            new Fact("Layer", new Ordinal(pair.place().layer()), ""),
            new Fact("Position", new Ordinal(pair.place().position()), "from the end"),
            new Fact("Length", new Amount(pair.nulls().norm(), Unit.STREAM), ""),
            new Fact(
                "p",
                new Amount(pair.nulls().shuffledPValue(), Unit.P_VALUE),
                "that its labels mean nothing"),
            new Fact(
                "Halves",
                new Amount(pair.stability().splitHalf().mean(), Unit.COSINE),
                "cosine of its two halves"),
            new Fact(
                "Redrawn",
                new Amount(redrawn.mean(), Unit.COSINE),
                "95 %: " + Numbers.range(redrawn.interval(), Unit.COSINE))));
  }

  private static Table others(MapResult result, String name) {
    var angles =
        result.names().stream()
            .filter(other -> !other.equals(name))
            .map(other -> result.angle(name, other))
            .toList();
    return Table.of(
        "map_direction_" + place(result, name),
        name
            + " beside every other direction: how alike they are, what ablating it changes on the"
            + " other's prompts, and what ablating the other changes on its own.",
        angles,
        text("other", "Other", Angle::second),
        number("cosine", "Cosine", Unit.COSINE, Angle::cosine),
        range("interval", "95 %", Unit.COSINE, Angle::interval),
        MapTables.disjoint(),
        MapTables.adjusted(),
        numberOr(
            "to_other",
            "On the other's",
            Unit.POINTS,
            angle -> Effect.changeByAblating(name, angle.second(), result.effects()),
            "not tried, or nobody may say"),
        numberOr(
            "to_own",
            "On its own",
            Unit.POINTS,
            angle -> Effect.changeByAblating(angle.second(), name, result.effects()),
            "not tried, or nobody may say"));
  }

  private static Card style(StyleRow row) {
    var facts = new ArrayList<Fact>();
    facts.add(new Fact("Refusals", new Count(row.refusals()), "that it brings about"));
    var kinds = List.of(Style.values());
    for (int i = 0; i < kinds.size(); i++) {
      facts.add(new Fact(kinds.get(i).text(), new Amount(row.shares().get(i), Unit.SHARE), ""));
    }
    return new Card("How its refusals speak", facts);
  }
}
