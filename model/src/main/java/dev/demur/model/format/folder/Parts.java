package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.folder.FolderWeights.Shard;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tensors of a folder as they are stored, from which packed matrices are put together.
///
/// @param folder the folder, for messages
/// @param tensors the file of each tensor
record Parts(Path folder, Map<String, Shard> tensors) {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /// Which of some suffixes a tensor's name has beside a matrix of packed words.
  ///
  /// @param words suffix of the matrix's name
  Optional<String> suffixBeside(String words, String name, List<String> suffixes) {
    return suffixes.stream()
        .filter(name::endsWith)
        .filter(suffix -> has(name.substring(0, name.length() - suffix.length()) + words))
        .findFirst();
  }

  /// What is said of a tensor.
  ///
  /// @throws ModelFormatException if there is none
  TensorInfo info(String name) throws IOException {
    return shard(name).info(name);
  }

  /// What is said of a matrix.
  ///
  /// @param type it must have
  /// @throws ModelFormatException if it is no matrix or of another type
  TensorInfo matrix(String name, String type) throws IOException {
    var info = info(name);
    boolean isMatrix = info.shape().size() == 2 && info.shape().stream().allMatch(Parts::isExtent);
    if (!isMatrix || !info.type().equals(type)) {
      throw unfit(name, "expected a matrix of type " + type);
    }
    return info;
  }

  /// Whether a matrix can have so many rows or columns.
  static boolean isExtent(long extent) {
    return extent >= 1 && extent < Integer.MAX_VALUE;
  }

  /// Stored 32-bit words, row after row.
  int[] words(String name) throws IOException {
    var info = info(name);
    if (!info.type().equals("I32")) {
      throw unfit(name, "expected type I32");
    }
    try (var _ = Scope.open()) {
      int[] words = new int[count(name)];
      MemorySegment.copy(shard(name).bytes(name), INT, 0, words, 0, words.length);
      return words;
    }
  }

  /// Stored bytes, row after row.
  byte[] bytes(String name) throws IOException {
    var info = info(name);
    if (!info.type().equals("I8")) {
      throw unfit(name, "expected type I8");
    }
    try (var _ = Scope.open()) {
      byte[] bytes = new byte[count(name)];
      MemorySegment.copy(shard(name).bytes(name), ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /// Whole numbers of any type.
  long[] numbers(String name) throws IOException {
    if (!List.of("I64", "I32").contains(info(name).type())) {
      throw unfit(name, "expected whole numbers");
    }
    count(name);
    try (var _ = Scope.open()) {
      // Below 2^24, which every extent here is, float32 holds each of them.
      float[] values = shard(name).load(name, DType.F32).toFloats();
      long[] numbers = new long[values.length];
      for (int i = 0; i < values.length; i++) {
        numbers[i] = (long) values[i];
      }
      return numbers;
    }
  }

  /// Numbers in float32.
  ///
  /// @throws dev.demur.model.tensor.NumericException if one is NaN or infinite
  float[] floats(String name) throws IOException {
    count(name);
    try (var _ = Scope.open()) {
      return shard(name).load(name, DType.F32).toFloats();
    }
  }

  /// A tensor as it is stored, to be read alone.
  Located located(String name) throws IOException {
    return new Located(info(name), to -> shard(name).load(name, to));
  }

  /// The file a tensor is in.
  Path file(String name) throws IOException {
    return shard(name).path();
  }

  /// Says that a tensor does not go with the others.
  ModelFormatException unfit(String name, String expected) throws IOException {
    var info = info(name);
    return new ModelFormatException(
        shard(name).path(),
        "tensor \""
            + name
            + "\" has type "
            + info.type()
            + " and shape "
            + info.shape()
            + ", "
            + expected
            + "; fetch the file again, or quantise the model anew");
  }

  private int count(String name) throws IOException {
    long elements = info(name).elements();
    if (elements > Integer.MAX_VALUE - 8) {
      throw unfit(name, "expected fewer than 2^31 elements");
    }
    return (int) elements;
  }

  private Shard shard(String name) throws ModelFormatException {
    var shard = tensors.get(name);
    if (shard == null) {
      throw new ModelFormatException(
          folder,
          "has no tensor \""
              + name
              + "\", which belongs to a packed matrix; fetch the weights again");
    }
    return shard;
  }
}
