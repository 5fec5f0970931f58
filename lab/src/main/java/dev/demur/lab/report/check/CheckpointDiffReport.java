package dev.demur.lab.report.check;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.diff.CheckpointDiff;
import dev.demur.lab.diff.CheckpointDiff.Change;
import dev.demur.lab.diff.CheckpointDiff.Common;
import dev.demur.lab.diff.CheckpointDiff.InStream;
import dev.demur.lab.diff.CheckpointDiff.KindOfTensor;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The page of two checkpoints side by side.
public final class CheckpointDiffReport {

  /// Names shown of tensors that only one has.
  private static final int NAMES = 5;

  private final CheckpointDiff diff;
  private final int limit;

  private CheckpointDiffReport(CheckpointDiff diff, int limit) {
    this.diff = diff;
    this.limit = limit;
  }

  /// Tells what differs.
  ///
  /// @param limit at most so many tensors are listed, the most changed first
  public static Report of(CheckpointDiff diff, int limit) {
    return new CheckpointDiffReport(diff, limit).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(new Section("sides", "", facts()));
    if (!diff.changed().isEmpty()) {
      sections.add(new Section("kinds", "By kind of tensor", kinds()));
      sections.add(new Section("tensors", "Tensors", tensors()));
    }
    return new Report("Demur diff", "Two checkpoints", verdict(), sections);
  }

  private String verdict() {
    return diff.isEmpty()
        ? String.format(Locale.ROOT, "All %d tensors hold the same numbers.", diff.same())
        : String.format(
            Locale.ROOT,
            "%d tensors are the same, %d changed.",
            diff.same(),
            diff.changed().size());
  }

  private List<Block> facts() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Card(
            "",
            List.of(
                new Fact("A", new Code(diff.first()), ""),
                new Fact("B", new Code(diff.second()), ""))));
    only(blocks, "A", diff.onlyFirst());
    only(blocks, "B", diff.onlySecond());
    diff.other().forEach(sentence -> blocks.add(new Prose(sentence)));
    return blocks;
  }

  private static void only(List<Block> blocks, String side, List<String> names) {
    if (!names.isEmpty()) {
      int more = names.size() - NAMES;
      blocks.add(
          new Prose(
              "Only in %s: %s%s"
                  .formatted(
                      side,
                      String.join(", ", names.subList(0, Math.min(NAMES, names.size()))),
                      more > 0 ? " and " + Numbers.count(more) + " more" : "")));
    }
  }

  private List<Block> kinds() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Data(
            Table.of(
                "kinds",
                "Least and largest change of a tensor, as a share of its size; least and largest"
                    + " share of a change that a matrix of rank 1 holds.",
                diff.kinds(),
                text("kind", "Kind", KindOfTensor::kind),
                count("changed", "Changed", KindOfTensor::changed),
                number("least", "Least", Unit.ENERGY, KindOfTensor::leastRelative),
                number("largest", "Largest", Unit.ENERGY, KindOfTensor::largestRelative),
                number("least_rank_one", "Rank 1, least", Unit.SHARE, KindOfTensor::leastRankOne),
                number("rank_one", "largest", Unit.SHARE, KindOfTensor::largestRankOne)),
            Fold.OPEN));
    diff.common().ifPresent(common -> blocks.addAll(common(common)));
    return blocks;
  }

  private static List<Block> common(Common common) {
    return List.of(
        new Prose(
            "What writes to the stream changed along directions with mean |cos| %s (independent ones: %s)."
                .formatted(cosine(common.agreement()), cosine(common.independent()))),
        new Prose(
            "Of the direction they have in common, %s of what was written is gone (median)%s."
                .formatted(
                    Numbers.share(common.removed()),
                    common
                        .withGiven()
                        .map(c -> "; |cos| with the one given: " + cosine(c))
                        .orElse(""))));
  }

  private List<Block> tensors() {
    var rows =
        diff.changed().stream()
            .sorted(Comparator.comparingDouble(Change::relative).reversed())
            .limit(limit)
            .toList();
    var blocks = new ArrayList<Block>();
    String why = "not a matrix that writes to the stream";
    blocks.add(
        new Data(
            Table.of(
                "tensors",
                "",
                rows,
                number("relative", "Change", Unit.ENERGY, Change::relative),
                number("rank_one", "Rank 1", Unit.SHARE, Change::rankOne),
                numberOr(
                    "alignment",
                    "|cos| with common",
                    Unit.COSINE,
                    row -> row.writer().map(InStream::alignment),
                    why),
                numberOr(
                    "removed", "Gone", Unit.SHARE, row -> row.writer().map(InStream::removed), why),
                code("tensor", "Tensor", Change::tensor)),
            Fold.OPEN));
    int more = diff.changed().size() - rows.size();
    if (more > 0) {
      blocks.add(new Prose(Numbers.counted(more, "tensor") + " changed less and are not listed."));
    }
    return blocks;
  }

  private static String cosine(double value) {
    return Numbers.amount(value, Unit.COSINE);
  }
}
