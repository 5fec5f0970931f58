package dev.demur.lab.report.measure;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.profile.PassProfile;
import dev.demur.lab.profile.PassProfile.Work;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.run.Machine;
import dev.demur.model.arch.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The page of a pass: where its time went and what it moved.
public final class PassReport {

  private static final double MEGA = 1e6;
  private static final double MILLIS = 1e3;

  private PassReport() {}

  /// A row of the table.
  private record Line(String name, Work work) {}

  /// Tells where the time of passes went.
  ///
  /// @param machine they ran on
  public static Report of(List<PassProfile> passes, Machine machine) {
    var sections = new ArrayList<Section>();
    for (var pass : passes) {
      String id = pass.pass().name().toLowerCase(Locale.ROOT);
      sections.add(new Section(id, title(pass), List.of(new Data(table(id, pass), Fold.OPEN))));
    }
    sections.add(
        new Section(
            "reading",
            "How to read this",
            List.of(
                new Prose(
                    "Bytes are counted from outside: an operation reads each operand once and"
                        + " writes its result once. The least is what products that do everything"
                        + " in their own reads and writes would move."))));
    return new Report(
        "Demur bench",
        String.format(Locale.ROOT, "%s, %d threads", machine.processor(), machine.threads()),
        "where the time of a pass goes; times are of the pass that took the calling thread least",
        sections);
  }

  private static String title(PassProfile pass) {
    return String.format(
        Locale.ROOT,
        switch (pass.pass()) {
          case MIXED_PROMPTS -> "mixed prompts, %d tokens";
          case LONG_PROMPT -> "one prompt of %d tokens";
        },
        pass.tokens());
  }

  private static Table table(String id, PassProfile pass) {
    var lines =
        Stream.concat(
                pass.parts().stream().map(work -> new Line(words(work.part()), work)),
                Stream.of(new Line("all", pass.total())))
            .toList();
    return Table.of(
        id,
        "",
        lines,
        text("part", "Part", Line::name),
        count("operations", "Operations", line -> line.work().operations()),
        number("read", "Read, MB", Unit.SPEED, line -> line.work().read() / MEGA),
        number("written", "Written, MB", Unit.SPEED, line -> line.work().written() / MEGA),
        numberOr(
            "least",
            "Least, MB",
            Unit.SPEED,
            line -> line.work().least().map(bytes -> bytes / MEGA),
            "not known"),
        number("millis", "ms", Unit.SPEED, line -> line.work().seconds() * MILLIS),
        number("busy", "of processor", Unit.SPEED, line -> line.work().busy() * MILLIS));
  }

  private static String words(Part part) {
    return switch (part) {
      case EMBEDDING -> "embedding";
      case TABLES -> "angles and masks";
      case NORM -> "norms";
      case QKV -> "q, k, v products";
      case ROTATION -> "rotation";
      case ATTENTION -> "attention";
      case OUTPUT -> "output product";
      case RESIDUAL -> "residual";
      case UP -> "gate and up products";
      case GATE -> "gate x activation";
      case DOWN -> "down product";
      case OTHER_LAYERS -> "recurrences, experts";
      case HOOKS -> "edits and probes";
      case UNEMBEDDING -> "unembedding";
      case REST -> "between";
    };
  }
}
