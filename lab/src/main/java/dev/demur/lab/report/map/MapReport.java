package dev.demur.lab.report.map;

import dev.demur.lab.map.MapQuantities;
import dev.demur.lab.map.MapResult;
import dev.demur.lab.paper.Published;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The page of a map, for people and for programs.
public final class MapReport {

  private MapReport() {}

  /// Tells which directions there are, how alike they are, and what each does.
  public static Report of(MapResult result) {
    return of(result, Optional.empty());
  }

  /// The same with a work's numbers beside it.
  public static Report of(MapResult result, Optional<Published> work) {
    var sections = new ArrayList<Section>();
    sections.add(new Section("directions", "The directions", directions(result)));
    if (result.pairs().size() > 1) {
      sections.add(new Section("cosines", "How alike they are", cosines(result)));
    }
    sections.add(new Section("separation", "What they tell apart", separation(result)));
    if (!result.effects().isEmpty()) {
      sections.add(new Section("transfer", "What they do", transfer(result)));
    }
    MapEffects.more(result).forEach(sections::add);
    sections.addAll(MapPairs.sections(result));
    work.ifPresent(published -> sections.add(against(result, published)));
    sections.add(
        new Section(
            "reading",
            "How to read it",
            List.of(
                new Points(
                    "What the numbers rest on",
                    List.of(
                        "No prompt that is asked or projected was part of any direction, and none"
                            + " of them chose a place.",
                        "A cosine is to be held against what redrawn prompts (its ceiling) and"
                            + " shuffled labels give; between pairs that share prompts, against"
                            + " the one without shared prompts.",
                        "Changes are exact McNemar tests against the unedited model on the same"
                            + " prompts, corrected by Holm over all edits of one way.",
                        "A first token says how an answer begins and nothing of what follows.")))));
    return new Report(
        "Demur map",
        result.model(),
        Numbers.counted(result.pairs().size(), "direction") + "; what counts: " + result.counted(),
        sections);
  }

  private static List<Block> directions(MapResult result) {
    var blocks = new ArrayList<Block>();
    blocks.add(new Data(MapTables.pairs(result), Fold.OPEN));
    if (result.pairs().size() > 2) {
      blocks.add(new Drawing(MapPlane.of(result)));
    }
    if (!result.openings().isEmpty()) {
      blocks.add(new Data(MapTables.openings(result), Fold.OPEN));
    }
    blocks.add(new Data(MapTables.matchings(result), Fold.FOLDED));
    return blocks;
  }

  private static List<Block> cosines(MapResult result) {
    return List.of(
        new Drawing(MapCharts.matrix(result)),
        new Data(MapTables.matrix(result), Fold.OPEN),
        new Data(MapTables.angles(result), Fold.FOLDED));
  }

  private static List<Block> separation(MapResult result) {
    return List.of(
        new Drawing(MapCharts.apart(result)),
        new Data(MapTables.told(result), Fold.OPEN),
        new Data(MapTables.along(result), Fold.FOLDED),
        new Data(MapTables.apart(result), Fold.FOLDED));
  }

  private static List<Block> transfer(MapResult result) {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Prose(
            "Rows are directions that are ablated, columns the prompts that are asked then. The"
                + " first row is the unedited model."));
    blocks.add(new Data(MapEffects.transfer(result), Fold.OPEN));
    MapEffects.doses(result).stream().map(Drawing::new).forEach(blocks::add);
    blocks.add(new Data(MapEffects.all(result), Fold.FOLDED));
    return blocks;
  }

  /// One published number.
  private record Beside(Published.Value value, Optional<Double> ours) {}

  private static Section against(MapResult result, Published work) {
    var found = new MapQuantities(result);
    var rows =
        work.values().stream().map(value -> new Beside(value, found.of(value.quantity()))).toList();
    return new Section(
        "published",
        "Beside the published numbers",
        List.of(
            new Prose(
                work.title()
                    + ". Another model, other prompts and another judge stand behind each number;"
                    + " a difference has all of these for its reason."),
            new Data(
                Table.of(
                    "map_published",
                    "Published numbers, and this map's of the same kind.",
                    rows,
                    Columns.text("quantity", "What", r -> r.value().quantity().text()),
                    Columns.text("model", "Their model", r -> r.value().model()),
                    Columns.number("theirs", "Theirs", Unit.COSINE, r -> r.value().value()),
                    Columns.numberOr(
                        "ours", "Ours", Unit.COSINE, Beside::ours, "not part of this map"),
                    Columns.text("source", "Source", r -> r.value().source())),
                Fold.OPEN),
            new Points("Not in print, or not read", work.missing())));
  }

  /// The same for programs.
  public static String json(MapResult result) {
    return SummaryJson.JSON.writeValueAsString(result) + "\n";
  }
}
