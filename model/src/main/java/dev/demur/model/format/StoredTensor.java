package dev.demur.model.format;

import dev.demur.model.format.quant.Dequantizer;
import dev.demur.model.format.quant.ElementDecoder;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tensor's bytes where they lie in a mapped file, and how to read them.
///
/// @param file the file, for error messages
/// @param info name, type, shape
/// @param bytes the stored bytes, row-major
/// @param decoder reads the stored elements
/// @param plain the memory type with the same bytes, if there is one: such a tensor needs no copy
public record StoredTensor(
    Path file,
    TensorInfo info,
    MemorySegment bytes,
    ElementDecoder decoder,
    Optional<DType> plain) {

  /// A tensor of plain numbers.
  public static StoredTensor of(Path file, TensorInfo info, MemorySegment bytes, DType type) {
    return new StoredTensor(file, info, bytes, ElementDecoder.of(type), Optional.of(type));
  }

  /// Reads the tensor, without a copy where the type allows.
  ///
  /// @param to `F32` or `BF16`
  /// @throws NumericException if an element is NaN or infinite, or becomes so in `to`
  public Tensor load(DType to) {
    requireLoadable(to);
    long[] shape = shape();
    if (plain.isPresent() && plain.get() == to) {
      requireFinite();
      return Tensor.map(bytes, to, shape);
    }
    var tensor = Tensor.empty(to, shape);
    decodeInto(tensor.segment(), to);
    release();
    return tensor;
  }

  /// @throws NumericException if an element is NaN or infinite
  public void requireFinite() {
    requireFinite(DType.F32);
  }

  private void requireFinite(DType to) {
    Dequantizer.firstNotFinite(decoder, bytes, info.elements(), to).ifPresent(this::notFinite);
  }

  /// This tensor as a matrix that stays where it is, when it is a quantised one.
  ///
  /// @param to type it will be decoded to
  /// @throws NumericException if an element is NaN or infinite, or becomes so in `to`
  public Optional<StoredMatrix> inPlace(DType to) {
    var matrix = StoredMatrix.of(this);
    matrix.ifPresent(_ -> requireFinite(to));
    return matrix;
  }

  /// Gives the pages of the file back, since the tensor now has memory of its own. The file stays
  /// mapped; reading it again brings them back.
  private void release() {
    if (bytes.isMapped()) {
      bytes.unload();
    }
  }

  /// Decodes the tensor into memory of its own.
  void decodeInto(MemorySegment out, DType to) {
    Dequantizer.decode(decoder, bytes, info.elements(), out, to).ifPresent(this::notFinite);
  }

  public static void requireLoadable(DType to) {
    if (to != DType.F32 && to != DType.BF16) {
      throw new IllegalArgumentException("tensors are loaded as F32 or BF16, not as " + to);
    }
  }

  public long[] shape() {
    return info.shape().stream().mapToLong(Long::longValue).toArray();
  }

  /// The same bytes under another name.
  public StoredTensor named(String name) {
    return new StoredTensor(
        file, new TensorInfo(name, info.type(), info.shape(), info.bytes()), bytes, decoder, plain);
  }

  /// One entry of the first dimension of a tensor with at least two.
  public StoredTensor slice(long index) {
    long length = info.bytes() / rows();
    var shape = info.shape().subList(1, info.shape().size());
    return new StoredTensor(
        file,
        new TensorInfo(info.name(), info.type(), shape, length),
        bytes.asSlice(index * length, length),
        decoder,
        plain);
  }

  /// Rows of the first dimension: one for a vector or a scalar.
  public long rows() {
    return info.shape().size() < 2 ? 1 : info.shape().getFirst();
  }

  private void notFinite(long index) {
    throw new NumericException(
        file
            + ": tensor \""
            + info.name()
            + "\" ("
            + info.type()
            + ") holds a NaN or an infinity at "
            + place(index)
            + "; fetch the file again or use another type");
  }

  /// The index as row-major coordinates.
  private List<Long> place(long index) {
    var place = new ArrayList<Long>();
    long rest = index;
    for (long extent : info.shape().reversed()) {
      place.addFirst(rest % extent);
      rest /= extent;
    }
    return place;
  }
}
