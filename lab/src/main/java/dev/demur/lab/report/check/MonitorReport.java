package dev.demur.lab.report.check;

import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.monitor.MonitorEvaluation.DetectorRow;
import dev.demur.lab.monitor.MonitorEvaluation.Result;
import dev.demur.lab.monitor.MonitorEvaluation.SetRow;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;

/// The page of a monitor's evaluation.
public final class MonitorReport {

  private MonitorReport() {}

  /// Tells how well a monitor does.
  public static Report of(Result result) {
    return new Report(
        "Demur monitor",
        "False positives",
        "%s (%s); promised at most %s with %s confidence"
            .formatted(
                Numbers.share(result.falsePositives().share()),
                Numbers.range(exact(result.falsePositives()), Unit.SHARE),
                Numbers.chosenShare(result.bound().rate()),
                Numbers.chosenShare(result.bound().confidence())),
        List.of(
            new Section("alarms", "Alarms", alarms(result.sets())),
            new Section(
                "detectors",
                "Against benign prompts",
                List.of(new Data(detectors(result.detectors()), Fold.OPEN)))));
  }

  private static List<Block> alarms(List<SetRow> sets) {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Data(
            Table.of(
                "alarms",
                "",
                sets,
                text("set", "Set", SetRow::set),
                share("refused", "Refused", SetRow::refused),
                share("harmful", "Harmful", SetRow::harmful),
                share("quadrant", "Harmful yet not refusing", SetRow::quadrant),
                share("hijack", "Suffix hijack", SetRow::hijack)),
            Fold.OPEN));
    sets.stream()
        .filter(row -> row.beyond().successes() > 0)
        .forEach(row -> blocks.add(new Notice(beyond(row))));
    return blocks;
  }

  private static String beyond(SetRow row) {
    return "%s: %s of %s prompts are longer than all it was calibrated on; the bound does not hold for them."
        .formatted(
            row.set(), Numbers.count(row.beyond().successes()), Numbers.count(row.beyond().n()));
  }

  private static Table detectors(List<DetectorRow> detectors) {
    return Table.of(
        "detectors",
        "Areas under the ROC curve, and harmful prompts found at 1 % false positives; 95 %"
            + " intervals.",
        detectors,
        text("set", "Set", DetectorRow::set),
        text("detector", "Detector", DetectorRow::detector),
        number("auroc", "AUROC", Unit.AUROC, row -> row.auroc().value()),
        range("auroc_interval", "Interval", Unit.AUROC, DetectorRow::interval),
        share("found", "Found", DetectorRow::atRate),
        range("found_interval", "Interval", Unit.SHARE, row -> exact(row.atRate())));
  }

  private static Interval exact(Rate rate) {
    return rate.clopperPearson(Interval.USUAL_LEVEL);
  }
}
