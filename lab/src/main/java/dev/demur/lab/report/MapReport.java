package dev.demur.lab.report;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Report.Section;
import java.util.ArrayList;
import java.util.List;

/// The page of a map, for people and for programs.
public final class MapReport {

  private MapReport() {}

  /// Tells which directions there are, how alike they are, and what each does.
  public static Report of(MapResult result) {
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
    sections.add(
        new Section(
            "reading",
            "How to read it",
            List.of(
                new Points(
                    "How to read it",
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
      blocks.add(new Drawing(MapCharts.layout(result)));
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
        new Data(MapTables.along(result), Fold.OPEN),
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

  /// The same for programs.
  public static String json(MapResult result) {
    return SummaryJson.JSON.writeValueAsString(result) + "\n";
  }
}
