package dev.demur.model.format;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The named tensors of a checkpoint under their Hugging Face names, wherever they are stored.
///
/// Files are memory-mapped: a tensor asked for in the type it is stored in costs no copy. Tensors
/// stay valid until [#close].
public interface Weights extends AutoCloseable {

  /// Names of all tensors, in file order.
  Set<String> names();

  /// What the files say about a tensor.
  ///
  /// @throws ModelFormatException if there is no such tensor
  TensorInfo info(String name) throws IOException;

  /// Reads a tensor.
  ///
  /// @param dtype `F32` or `BF16`; conversion rounds to nearest even, quantised types are
  ///   dequantised in float32 first
  /// @throws ModelFormatException if there is no such tensor or its bytes are unsound
  Tensor load(String name, DType dtype) throws IOException;

  /// A quantised matrix that can stay where it is; empty when the tensor is none. Checked like
  /// [#load].
  ///
  /// @param dtype type it will be decoded to
  /// @throws ModelFormatException if there is no such tensor or its bytes are unsound
  default Optional<StoredMatrix> stored(String name, DType dtype) throws IOException {
    return Optional.empty();
  }

  /// The files, where they are mapped into memory.
  default List<MemorySegment> mapped() {
    return List.of();
  }

  @Override
  void close();
}
