package dev.demur.app.command.models;

import dev.demur.lab.profile.Ceilings;
import dev.demur.lab.profile.StudyProfile;
import java.util.Formatter;
import java.util.Locale;

/// A study's profile, for people.
public record StudyProfilePage(StudyProfile profile) {

  private static final double GIGA = 1e9;
  private static final double PERCENT = 100;

  public String text() {
    var text = new Formatter(Locale.ROOT);
    text.format(
        "%n%-12s %9s %12s %9s %9s %6s  %s%n",
        "stage", "seconds", "tokens", "TFLOP", "GFLOP/s", "share", "of memory");
    for (var stage : profile.stages()) {
      text.format(
          "%-12s %9.1f %,12d %9.2f %9.1f %5.0f%%  %s%n",
          stage.stage(),
          stage.seconds(),
          stage.tokens(),
          stage.flop() / GIGA / 1000,
          stage.flops() / GIGA,
          PERCENT * stage.share(),
          stage.memoryShare().isPresent()
              ? "at least %.0f%%".formatted(PERCENT * stage.memoryShare().getAsDouble())
              : "");
    }
    text.format("This machine: %s.%n", words(profile.ceilings()));
    return text.toString();
  }

  /// The ceilings in a line.
  static String words(Ceilings ceilings) {
    return String.format(
        Locale.ROOT,
        "bf16 products %.0f GFLOP/s, f32 products %.0f GFLOP/s, memory reads %.1f GB/s",
        ceilings.bf16Gemm() / GIGA,
        ceilings.f32Gemm() / GIGA,
        ceilings.dramRead() / GIGA);
  }
}
