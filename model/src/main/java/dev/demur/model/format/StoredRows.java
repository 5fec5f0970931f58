package dev.demur.model.format;

import dev.demur.model.format.quant.Dequantizer;
import dev.demur.model.format.quant.ElementDecoder;
import dev.demur.model.format.quant.ElementEncoder;
import dev.demur.model.format.quant.GgmlType;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A matrix on disk, read as float32 some rows at a time, and written back in the type it is stored
/// in, or in another.
///
/// Memory stays at a few blocks of [#BLOCK_ELEMENTS] elements, whatever the size of the matrix. A
/// vector counts as one row.
public final class StoredRows {

  /// Elements of a block, rounded to whole rows: 16 MB of float32.
  static final long BLOCK_ELEMENTS = 4L << 20;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final TensorInfo info;
  private final TensorInfo written;
  private final FileRange range;
  private final long rows;
  private final long columns;
  private final ElementDecoder decoder;
  private final Optional<ElementEncoder> encoder;

  /// Looks at one block.
  @FunctionalInterface
  public interface Reader {

    /// @param first index of the block's first row
    /// @param block `[rows, columns]`, float32; valid until this returns
    void read(long first, Tensor block) throws IOException;
  }

  /// Changes one block.
  @FunctionalInterface
  public interface Editor {

    /// @param first index of the block's first row
    /// @param block `[rows, columns]`, float32
    /// @return a tensor of the same shape
    Tensor edit(long first, Tensor block) throws IOException;
  }

  private StoredRows(
      TensorInfo info,
      TensorInfo written,
      FileRange range,
      long rows,
      long columns,
      ElementDecoder decoder,
      Optional<ElementEncoder> encoder) {
    this.info = info;
    this.written = written;
    this.range = range;
    this.rows = rows;
    this.columns = columns;
    this.decoder = decoder;
    this.encoder = encoder;
  }

  /// The matrices of a tensor `[row, column]` (one), `[column]` (one row) or `[matrix, row,
  /// column]`.
  public static List<StoredRows> matrices(
      TensorInfo info, FileRange range, ElementDecoder decoder, Optional<ElementEncoder> encoder) {
    var shape = info.shape();
    long columns = shape.isEmpty() ? 1 : shape.getLast();
    long rows = shape.size() < 2 ? 1 : shape.get(shape.size() - 2);
    long bytes = decoder.bytes(rows * columns);
    var matrices = new ArrayList<StoredRows>();
    for (long at = 0; at < info.bytes(); at += bytes) {
      matrices.add(
          new StoredRows(info, info, range.part(at, bytes), rows, columns, decoder, encoder));
    }
    return matrices;
  }

  /// The tensor this is, or is a part of.
  public TensorInfo info() {
    return info;
  }

  /// The tensor as it is written: another type and length when [#writtenAs] has changed them.
  public TensorInfo written() {
    return written;
  }

  /// The same rows, to be written in another type.
  ///
  /// @throws IllegalArgumentException if this version does not write the type, or a row is not a
  ///   whole number of its blocks
  public StoredRows writtenAs(GgmlType type) {
    var other =
        ElementEncoder.of(type)
            .orElseThrow(() -> new IllegalArgumentException("type " + type + " is not written"));
    if (columns % other.blockElements() != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "tensor \"%s\" has rows of %d, which are not whole blocks of %s (%d each)",
              info.name(),
              columns,
              type,
              other.blockElements()));
    }
    long bytes = info.elements() / other.blockElements() * other.blockBytes();
    var target = new TensorInfo(info.name(), type.name(), info.shape(), bytes);
    return new StoredRows(info, target, range, rows, columns, decoder, Optional.of(other));
  }

  public long rows() {
    return rows;
  }

  public long columns() {
    return columns;
  }

  /// Whether rows can be written, in this type or the one [#writtenAs] names.
  public boolean isWritable() {
    return encoder.isPresent();
  }

  /// Reads all rows in order.
  ///
  /// @throws NumericException if an element is NaN or infinite
  public void read(Reader reader) throws IOException {
    blocks(
        (first, bytes) -> {
          try (var _ = Scope.open()) {
            reader.read(first, decoded(first, bytes));
          }
        });
  }

  /// Writes all rows in order, each block changed.
  ///
  /// @throws NumericException if an element is or becomes NaN or infinite
  /// @throws IllegalStateException if the type cannot be written (see [#isWritable])
  public void rewrite(Editor editor, ByteSink out) throws IOException {
    var to = encoder.orElseThrow(() -> new IllegalStateException(info.type() + " is not written"));
    blocks(
        (first, bytes) -> {
          try (var _ = Scope.open()) {
            var edited = editor.edit(first, decoded(first, bytes)).contiguous();
            if (edited.firstNonFinite() >= 0) {
              throw new NumericException(
                  range.file()
                      + ": tensor \""
                      + info.name()
                      + "\" becomes NaN or infinite by the edit");
            }
            out.append(encoded(edited, to));
          }
        });
  }

  private interface Rows {
    void take(long first, MemorySegment bytes) throws IOException;
  }

  private void blocks(Rows each) throws IOException {
    long rowBytes = decoder.bytes(columns);
    long count = Math.max(1, BLOCK_ELEMENTS / Math.max(1, columns));
    range.inPieces(count * rowBytes, (at, bytes) -> each.take(at / rowBytes, bytes));
  }

  private Tensor decoded(long first, MemorySegment bytes) {
    long count = bytes.byteSize() / decoder.bytes(columns);
    var block = Tensor.empty(DType.F32, count, columns);
    Dequantizer.decode(decoder, bytes, count * columns, block.segment(), DType.F32)
        .ifPresent(
            bad -> {
              throw new NumericException(
                  String.format(
                      Locale.ROOT,
                      "%s: tensor \"%s\" (%s) holds a NaN or an infinity in row %,d; fetch the"
                          + " file again",
                      range.file(),
                      info.name(),
                      info.type(),
                      first + bad / columns));
            });
    return block;
  }

  private MemorySegment encoded(Tensor block, ElementEncoder to) {
    int elements = Math.toIntExact(block.elements());
    var values = new float[elements];
    MemorySegment.copy(block.segment(), FLOAT, 0, values, 0, elements);
    int blocks = elements / to.blockElements();
    var bytes = new byte[Math.multiplyExact(blocks, to.blockBytes())];
    to.blocks().encode(values, bytes, blocks);
    return MemorySegment.ofArray(bytes);
  }
}
