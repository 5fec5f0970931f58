package dev.demur.model.format;

import dev.demur.model.format.quant.Dequantizer;
import dev.demur.model.format.quant.ElementDecoder;
import dev.demur.model.kernel.RowMatrix;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// A quantised matrix as it lies in a mapped file, row after row of whole blocks. Valid as long as
/// the file is open.
public final class StoredMatrix {

  private final MemorySegment bytes;
  private final ElementDecoder decoder;
  private final Optional<StoredAs> kernel;
  private final long rows;
  private final long columns;

  private StoredMatrix(
      MemorySegment bytes,
      ElementDecoder decoder,
      Optional<StoredAs> kernel,
      long rows,
      long columns) {
    this.bytes = bytes;
    this.decoder = decoder;
    this.kernel = kernel;
    this.rows = rows;
    this.columns = columns;
  }

  /// A tensor as such a matrix; empty when it is none, holds plain numbers, or has rows that are no
  /// whole number of blocks.
  static Optional<StoredMatrix> of(StoredTensor tensor) {
    var shape = tensor.info().shape();
    int block = tensor.decoder().blockElements();
    if (shape.size() != 2 || block == 1 || shape.getLast() % block != 0) {
      return Optional.empty();
    }
    var kernel =
        Arrays.stream(StoredAs.values())
            .filter(type -> type.name().equals(tensor.info().type()))
            .findFirst();
    return Optional.of(
        new StoredMatrix(
            tensor.bytes(), tensor.decoder(), kernel, shape.getFirst(), shape.getLast()));
  }

  public long rows() {
    return rows;
  }

  public long columns() {
    return columns;
  }

  /// The stored bytes, row after row.
  public MemorySegment bytes() {
    return bytes;
  }

  /// The numbers, `[rows, columns]`, in the open scope.
  ///
  /// @param to `F32` or `BF16`, rounded to nearest even
  public Tensor decoded(DType to) {
    var values = Tensor.empty(to, rows, columns);
    Dequantizer.decode(decoder, bytes, rows * columns, values.segment(), to);
    return values;
  }

  /// Some of the rows; the same memory.
  public StoredMatrix slice(long first, long count) {
    long row = rowBytes();
    return new StoredMatrix(
        bytes.asSlice(first * row, count * row), decoder, kernel, count, columns);
  }

  /// The rows in another order; a copy of their bytes.
  ///
  /// @param order which row of this matrix comes at each place
  public StoredMatrix ordered(long... order) {
    long row = rowBytes();
    var copy = Arena.ofAuto().allocate(bytes.byteSize());
    for (int i = 0; i < order.length; i++) {
      MemorySegment.copy(bytes, order[i] * row, copy, i * row, row);
    }
    return new StoredMatrix(copy, decoder, kernel, rows, columns);
  }

  /// Where a kernel finds the rows; empty when there is none for this type or on this machine.
  public Optional<RowMatrix> forRows() {
    return kernel
        .filter(RowProducts::available)
        .map(type -> new RowMatrix(type, bytes, Math.toIntExact(rows), Math.toIntExact(columns)));
  }

  private long rowBytes() {
    return decoder.bytes(columns);
  }
}
