package dev.demur.model.kernel;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/// How many float32 numbers the kernels of quantised matrices take at a time.
public enum Width {
  /// Registers of 512 bits.
  SIXTEEN(16),
  /// Registers of 256 bits, as most processors have them.
  EIGHT(8);

  /// System property that allows these kernels on every processor. Java then computes wide vectors
  /// piece by piece: exact but slow, so it is for tests, which check the kernels on any machine.
  private static final String ANY = "demur.kernels.any-width";

  private final int lanes;

  Width(int lanes) {
    this.lanes = lanes;
  }

  /// The widest that fits this processor's registers; asked only where Java's module of vectors is
  /// there.
  static Optional<Width> here() {
    int preferred = FloatVector.SPECIES_PREFERRED.length();
    for (var width : values()) {
      if (width.lanes <= preferred) {
        return Optional.of(width);
      }
    }
    return Boolean.getBoolean(ANY) ? Optional.of(EIGHT) : Optional.empty();
  }
}
