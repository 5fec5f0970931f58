package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// A matrix where it lies in memory, row after row, little endian, of any alignment.
///
/// @param type how its numbers are stored
/// @param bytes the rows; native memory
/// @param rows how many, the length of a product
/// @param columns their length, that of what is multiplied
public record RowMatrix(StoredAs type, MemorySegment bytes, int rows, int columns) {

  /// @throws IllegalArgumentException if the segment does not have the matrix's size
  public RowMatrix {
    if (!bytes.isNative()) {
      throw new IllegalArgumentException(
          "a matrix lies in native memory, was given a heap segment");
    }
    long expected = rows * type.rowBytes(columns);
    if (bytes.byteSize() != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a %s matrix of %d x %d takes %d bytes, was given %d",
              type,
              rows,
              columns,
              expected,
              bytes.byteSize()));
    }
  }

  /// The rows as plain memory. Kernels then see one kind of segment, whether it is mapped from a
  /// file or belongs to a tensor, and test nothing within their loops; who uses this keeps the
  /// matrix as well.
  @SuppressWarnings("restricted") // the size is that of the segment whose memory it is
  MemorySegment plain() {
    return MemorySegment.ofAddress(bytes.address()).reinterpret(bytes.byteSize());
  }

  /// Some of the rows, as a matrix of its own; the same memory.
  public RowMatrix slice(int first, int count) {
    long rowBytes = type.rowBytes(columns);
    return new RowMatrix(type, bytes.asSlice(first * rowBytes, count * rowBytes), count, columns);
  }
}
