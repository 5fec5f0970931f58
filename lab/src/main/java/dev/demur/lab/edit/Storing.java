package dev.demur.lab.edit;

import dev.demur.model.format.StoredRows;
import dev.demur.model.format.quant.GgmlType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What becomes of an edited tensor of a GGUF file whose type cannot be written: K-quants,
/// I-quants, Q4_1, …. Those that can be written keep their types.
public enum Storing {
  /// It is refused.
  SAME(Optional.empty()),
  F32(Optional.of(GgmlType.F32)),
  F16(Optional.of(GgmlType.F16)),
  BF16(Optional.of(GgmlType.BF16)),
  Q8_0(Optional.of(GgmlType.Q8_0));

  private final Optional<GgmlType> type;

  Storing(Optional<GgmlType> type) {
    this.type = type;
  }

  /// As the command line names it, `bf16`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Matrices of one tensor as they are to be written.
  List<StoredRows> of(List<StoredRows> matrices) {
    return matrices.stream()
        .map(matrix -> matrix.isWritable() ? matrix : type.map(matrix::writtenAs).orElse(matrix))
        .toList();
  }
}
