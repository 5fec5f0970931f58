package dev.demur.model.arch;

import dev.demur.model.tensor.DType;

/// How a model's matrices are held.
///
/// @param dtype type their numbers take part in products with, `F32` or `BF16`
/// @param quantised where quantised ones are
/// @param placement on which devices they are
public record Holding(DType dtype, Quantised quantised, Placement placement) {

  /// A quantised matrix that stays in its file is the host's.
  public Holding {
    if (quantised != Quantised.DECODED && !placement.isHost()) {
      throw new IllegalArgumentException(
          "matrices can only stay as stored on the cpu, not on " + placement);
    }
  }

  /// On the host.
  public Holding(DType dtype, Quantised quantised) {
    this(dtype, quantised, Placement.host());
  }

  /// Where quantised matrices are.
  public enum Quantised {
    /// In memory, decoded once.
    DECODED,
    /// In their file, decoded whenever many rows are multiplied. Saves memory, costs time.
    AS_STORED,
    /// In their file where a kernel multiplies single rows with them as they lie, else in memory:
    /// for one sequence at a time.
    FOR_KERNELS
  }

  /// All matrices in memory.
  public static Holding decoded(DType dtype) {
    return new Holding(dtype, Quantised.DECODED);
  }
}
