package dev.demur.model.format.folder;

import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// A matrix `[out, in]` of whole numbers with a scale for each group of inputs: W = (q − z) · s.
///
/// The product is taken in float32 and rounded to the type of the scales, as the packages do whose
/// formats these are; only then to the type asked for.
///
/// @param file for messages
/// @param info the matrix that comes out
/// @param order how the rows below lie in it
/// @param rounding to the type of the scales
/// @param rows decodes q − z and s
record GroupedIntegers(Path file, TensorInfo info, Order order, Rounding rounding, Rows rows) {

  /// What a row of the stored matrix is.
  enum Order {
    /// All inputs of one output.
    OUTPUTS,
    /// All outputs of one input.
    INPUTS
  }

  /// Decodes one row of the stored matrix, from any thread.
  @FunctionalInterface
  interface Rows {

    /// @param row which one
    /// @param to gets (q − z) · s of every element, not rounded yet
    void decode(int row, float[] to);
  }

  /// The type in which the packages multiply.
  enum Rounding {
    F32 {
      @Override
      float of(float value) {
        return value;
      }
    },
    F16 {
      @Override
      float of(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
      }
    },
    BF16 {
      @Override
      float of(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
      }
    };

    /// The nearest number of the type, ties to even.
    abstract float of(float value);
  }

  /// The matrix.
  ///
  /// @throws NumericException if an element is infinite in the scales' type or in `to`
  Tensor load(DType to) {
    long outputs = info.shape().get(0);
    long inputs = info.shape().get(1);
    try (var scope = Scope.open()) {
      var values =
          switch (order) {
            case OUTPUTS -> decoded(outputs, inputs);
            case INPUTS -> decoded(inputs, outputs).transpose(0, 1).contiguous();
          };
      var plain = StoredTensor.of(file, info, values.segment(), DType.F32);
      if (to == DType.F32) {
        plain.requireFinite();
        return scope.keep(values);
      }
      return scope.keep(plain.load(to));
    }
  }

  private Tensor decoded(long count, long width) {
    var values = Tensor.empty(DType.F32, count, width);
    MemorySegment to = values.segment();
    int length = Math.toIntExact(width);
    IntStream.range(0, Math.toIntExact(count))
        .parallel()
        .forEach(
            row -> {
              float[] decoded = new float[length];
              rows.decode(row, decoded);
              for (int i = 0; i < length; i++) {
                decoded[i] = rounding.of(decoded[i]);
              }
              MemorySegment.copy(
                  decoded, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * row * length, length);
            });
    return values;
  }
}
