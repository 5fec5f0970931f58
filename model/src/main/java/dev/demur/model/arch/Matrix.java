package dev.demur.model.arch;

import dev.demur.model.format.StoredMatrix;
import dev.demur.model.kernel.RowMatrix;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// The numbers of a matrix `[out, in]`: in memory, or as a file stores them.
public sealed interface Matrix {

  /// Rows, the length of a product.
  long rows();

  /// Their length.
  long columns();

  /// Type the numbers take part in products with, float32 or bfloat16.
  DType dtype();

  /// Where they are multiplied.
  Device device();

  /// All numbers, `[out, in]` of that type; made for the open scope where they are not in memory.
  Tensor values();

  /// Some of the rows, as a matrix of its own; the same memory.
  Matrix slice(long first, long count);

  /// Rows at the given indices, `[n, in]`; a copy.
  ///
  /// @param indices int64 `[n]`
  Tensor at(Tensor indices);

  /// The memory the numbers lie in; empty when they do not lie in one piece.
  Optional<MemorySegment> memory();

  /// Where the numbers lie, for kernels that multiply one row; empty when there is none.
  Optional<RowMatrix> forRows();

  /// A matrix in memory.
  ///
  /// @param values `[out, in]`, float32 or bfloat16
  record Dense(Tensor values) implements Matrix {

    @Override
    public long rows() {
      return values.dim(0);
    }

    @Override
    public long columns() {
      return values.dim(1);
    }

    @Override
    public DType dtype() {
      return values.dtype();
    }

    @Override
    public Device device() {
      return values.device();
    }

    @Override
    public Matrix slice(long first, long count) {
      return new Dense(values.narrow(0, first, count));
    }

    @Override
    public Tensor at(Tensor indices) {
      return Neural.embedding(values, indices);
    }

    @Override
    public Optional<MemorySegment> memory() {
      return isOnePiece() ? Optional.of(values.segment()) : Optional.empty();
    }

    @Override
    public Optional<RowMatrix> forRows() {
      var type = dtype() == DType.F32 ? StoredAs.F32 : StoredAs.BF16;
      if (!isOnePiece() || !RowProducts.available(type)) {
        return Optional.empty();
      }
      return Optional.of(
          new RowMatrix(
              type, values.segment(), Math.toIntExact(rows()), Math.toIntExact(columns())));
    }

    private boolean isOnePiece() {
      return device().isHost() && values.isContiguous();
    }
  }

  /// A quantised matrix that stays in its file. Where many rows are multiplied it is decoded first,
  /// to the very numbers a matrix in memory would hold; where one row is, a kernel reads it as it
  /// lies.
  ///
  /// @param stored where it lies
  /// @param dtype type it is decoded to, `F32` or `BF16`
  record Stored(StoredMatrix stored, DType dtype) implements Matrix {

    @Override
    public long rows() {
      return stored.rows();
    }

    @Override
    public long columns() {
      return stored.columns();
    }

    @Override
    public Device device() {
      return Device.CPU;
    }

    @Override
    public Tensor values() {
      return stored.decoded(dtype);
    }

    @Override
    public Matrix slice(long first, long count) {
      return new Stored(stored.slice(first, count), dtype);
    }

    @Override
    public Tensor at(Tensor indices) {
      try (var scope = Scope.open()) {
        var rows =
            Arrays.stream(indices.toLongs())
                .mapToObj(index -> stored.slice(index, 1).decoded(dtype))
                .toList();
        return scope.keep(Tensor.cat(rows, 0));
      }
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.of(stored.bytes());
    }

    @Override
    public Optional<RowMatrix> forRows() {
      return stored.forRows();
    }
  }
}
