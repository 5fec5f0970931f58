package dev.demur.lab.audit;

import java.util.Arrays;
import java.util.Optional;

/// What is left along a removed direction when the edited matrix is rounded to a number type.
///
/// The energies are relative to the mean over all directions. For floating types: the mean of ulp²
/// / 12 over a log-uniform mantissa with p bits, 0.54 · 2^(2 − 2p) / 12; for block types of 32
/// values: (2.3 σ / steps)² / 12 with a largest value of 2.3 σ. docs/audit.md has the measured
/// ones.
public enum Residue {
  /// Also the sums of a float32 edit.
  F32(1e-14),
  F16(4.3e-8),
  BF16(2.8e-6),
  Q8_0(2.7e-5),
  Q4_0(6.9e-3);

  /// Arithmetic in the type itself leaves more than one rounding.
  private static final double SLACK = 3;

  private final double energy;

  Residue(double energy) {
    this.energy = energy;
  }

  /// Energy that rounding to this type leaves.
  public double energy() {
    return energy;
  }

  /// The finest type whose rounding explains what is left; empty when none does.
  static Optional<Residue> explaining(double energy) {
    return Arrays.stream(values()).filter(r -> energy <= SLACK * r.energy).findFirst();
  }

  /// What rounding to a stored type leaves, or of the nearest type known.
  static double ofStored(String type) {
    return switch (type) {
      case "F64", "F32" -> F32.energy;
      case "F16" -> F16.energy;
      case "BF16" -> BF16.energy;
      case "Q8_0", "Q8_1", "Q8_K", "F8_E4M3", "Q6_K", "INT8", "GPTQ8" -> Q8_0.energy;
      default -> Q4_0.energy;
    };
  }
}
