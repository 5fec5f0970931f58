package dev.demur.lab.report.measure;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.profile.Ceilings;
import dev.demur.lab.profile.ModelSpeed;
import dev.demur.lab.profile.ModelSpeed.Rate;
import dev.demur.lab.profile.ModelSpeed.Task;
import dev.demur.lab.profile.StudyProfile;
import dev.demur.lab.profile.StudyProfile.Stage;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.run.Machine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The page of a speed, of a model or of a study, beside what the machine can do at most.
public final class SpeedReport {

  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;

  private SpeedReport() {}

  /// Tells where a study's time went.
  public static Report of(StudyProfile profile) {
    var table =
        Table.of(
            "stages",
            "",
            profile.stages(),
            text("stage", "Stage", Stage::stage),
            number("seconds", "Time", Unit.SECONDS, Stage::seconds),
            count("tokens", "Tokens", Stage::tokens),
            number("tflop", "TFLOP", Unit.SPEED, stage -> stage.flop() / TERA),
            number("gflops", "GFLOP/s", Unit.SPEED, stage -> stage.flops() / GIGA),
            number("share", "Share", Unit.SHARE, Stage::share),
            numberOr(
                "memory_share",
                "of memory",
                Unit.SHARE,
                stage -> optional(stage.memoryShare()),
                "reads weights once for many tokens"));
    return new Report(
        "Demur profile",
        "This machine",
        words(profile.ceilings()),
        List.of(
            new Section(
                "stages",
                "Where the time went",
                List.of(
                    new Data(table, Fold.OPEN),
                    new Prose(
                        "Shares are of matrix products in the model's type, and of memory reads"
                            + " at the least.")))));
  }

  private static Optional<Double> optional(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }

  /// Tells how fast a model runs.
  ///
  /// @param machine it ran on
  public static Report of(ModelSpeed speed, Machine machine) {
    var table =
        Table.of(
            "rates",
            "",
            speed.rates(),
            text("task", "Task", rate -> words(rate.task())),
            number("tokens", "Tokens/s", Unit.SPEED, Rate::tokensPerSecond),
            number("giga", "Giga/s", Unit.SPEED, rate -> rate.perSecond() / GIGA),
            text("unit", "of", rate -> rate.task() == Task.DECODE ? "bytes" : "FLOP"),
            number("share", "Share", Unit.SHARE, Rate::share));
    return new Report(
        "Demur bench",
        String.format(Locale.ROOT, "%s, %d threads", machine.processor(), machine.threads()),
        words(speed.ceilings()),
        List.of(new Section("rates", "", List.of(new Data(table, Fold.OPEN)))));
  }

  /// The ceilings in a line.
  private static String words(Ceilings ceilings) {
    return "bf16 products %s GFLOP/s, f32 products %s GFLOP/s, memory reads %s GB/s"
        .formatted(giga(ceilings.bf16Gemm()), giga(ceilings.f32Gemm()), giga(ceilings.dramRead()));
  }

  private static String giga(double perSecond) {
    return Numbers.amount(perSecond / GIGA, Unit.SPEED);
  }

  private static String words(Task task) {
    return switch (task) {
      case PREFILL -> "prefill, 32 x 32";
      case MIXED_PROMPTS -> "mixed prompts";
      case ABLATED_PROMPTS -> "the same, ablated";
      case BATCH_DECODE -> "128 sequences";
      case DECODE -> "one sequence";
    };
  }
}
