package dev.demur.lab.edit;

import dev.demur.lab.steer.WeightEdit.Lengths;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.format.ByteSink;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredRows;
import dev.demur.model.remedy.Remedy;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What happens to one stored tensor, in float32.
sealed interface RowChange {

  /// Takes a direction out of the vectors that live in the stream: v ← v − λ (v·u) u.
  ///
  /// @param unit u, `[d_model]`, length 1
  /// @param lengths what becomes of the vectors' lengths
  record Project(Tensor unit, double strength, Layout layout, Lengths lengths)
      implements RowChange {}

  /// Adds a vector to every row.
  ///
  /// @param shift `[d_model]`
  record Add(Tensor shift) implements RowChange {}

  /// Width of the stream the change was made for.
  default long width() {
    return switch (this) {
      case Project(var unit, _, _, _) -> unit.dim(0);
      case Add(var shift) -> shift.dim(0);
    };
  }

  /// Extent of a matrix that must be the width of the stream.
  default long streamExtent(StoredRows matrix) {
    return switch (this) {
      case Project(_, _, var layout, _) when layout == Layout.COLUMNS -> matrix.rows();
      case Project _, Add _ -> matrix.columns();
    };
  }

  /// @param advice the types that are edited, and what to do
  /// @param remedies what a caller can do about another type
  /// @throws ModelFormatException if the matrix is of another type or width
  default void requireFits(
      Path file, String tensor, StoredRows matrix, String advice, List<Remedy> remedies)
      throws ModelFormatException {
    if (!matrix.isWritable()) {
      throw new ModelFormatException(
          file,
          "tensor \"%s\" has type %s; %s".formatted(tensor, matrix.info().type(), advice),
          remedies);
    }
    if (streamExtent(matrix) != width()) {
      throw new ModelFormatException(
          file,
          String.format(
              Locale.ROOT,
              "tensor \"%s\" of shape %s does not write to a stream of width %d",
              tensor,
              matrix.info().shape(),
              width()));
    }
  }

  /// Writes a changed tensor.
  default void write(List<StoredRows> matrices, ByteSink out) throws IOException {
    for (var matrix : matrices) {
      switch (this) {
        case Add(var shift) -> matrix.rewrite((_, block) -> block.plus(shift), out);
        case Project project -> {
          switch (project.layout) {
            case ROWS ->
                matrix.rewrite(
                    (_, block) -> project.lengths.of(block, project.unit, project.strength), out);
            case COLUMNS -> columns(matrix, project, out);
          }
        }
      }
    }
  }

  private static void columns(StoredRows matrix, Project project, ByteSink out) throws IOException {
    try (var _ = Scope.open()) {
      var exact = along(matrix, project.unit);
      var along = exact.to(DType.F32);
      var minus = project.unit.times(-project.strength);
      switch (project.lengths) {
        case CHANGED ->
            matrix.rewrite(
                (first, block) -> block.plusOuter(minus.narrow(0, first, block.dim(0)), along),
                out);
        case KEPT -> {
          var factors = Lengths.factors(squares(matrix), exact, project.strength);
          matrix.rewrite(
              (first, block) ->
                  block.plusOuter(minus.narrow(0, first, block.dim(0)), along).times(factors),
              out);
        }
      }
    }
  }

  /// Squared lengths of the columns, `[in]`, summed over blocks in float64.
  private static Tensor squares(StoredRows matrix) throws IOException {
    var sum = Tensor.zeros(DType.F64, matrix.columns());
    matrix.read((_, block) -> sum.addInPlace(block.to(DType.F64).square().sum(0)));
    return sum;
  }

  /// uᵀ W, `[in]`, summed over blocks in float64.
  ///
  /// @param matrix W, `[d_model, in]`
  static Tensor along(StoredRows matrix, Tensor unit) throws IOException {
    var sum = Tensor.zeros(DType.F64, matrix.columns());
    matrix.read(
        (first, block) -> {
          var part = unit.narrow(0, first, block.dim(0)).unsqueeze(0).matmul(block);
          sum.addInPlace(part.reshape(-1).to(DType.F64));
        });
    return sum;
  }
}
