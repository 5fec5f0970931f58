package dev.demur.model.format.quant;

import dev.demur.model.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Turns float32 into stored elements, a whole number of blocks at a time: the way back from an
/// [ElementDecoder].
///
/// @param blockElements elements in a block
/// @param blockBytes bytes in a block
/// @param blocks writes blocks that follow one another
public record ElementEncoder(int blockElements, int blockBytes, Blocks blocks) {

  /// Writes blocks that follow one another.
  @FunctionalInterface
  public interface Blocks {

    /// Writes `count` blocks from the start of `in` to the start of `out`.
    void encode(float[] in, byte[] out, int count);
  }

  /// The encoder of a plain type; empty where no weights are written.
  public static Optional<ElementEncoder> of(DType type) {
    return switch (type) {
      case F32 -> Optional.of(new ElementEncoder(1, 4, ElementEncoder::f32));
      case F16 -> Optional.of(new ElementEncoder(1, 2, ElementEncoder::f16));
      case BF16 -> Optional.of(new ElementEncoder(1, 2, ElementEncoder::bf16));
      case F64, F8_E4M3, I64, I32, I16, I8, U8, BOOL -> Optional.empty();
    };
  }

  /// The encoder of a ggml type; empty for those that this version does not quantise to.
  public static Optional<ElementEncoder> of(GgmlType type) {
    return switch (type) {
      case Q8_0 -> Optional.of(new ElementEncoder(32, 34, ElementEncoder::q80));
      case Q4_0 -> Optional.of(new ElementEncoder(32, 18, ElementEncoder::q40));
      default -> type.plain().flatMap(ElementEncoder::of);
    };
  }

  private static void f32(float[] in, byte[] out, int count) {
    ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(in, 0, count);
  }

  private static void f16(float[] in, byte[] out, int count) {
    for (int i = 0; i < count; i++) {
      put16(out, 2 * i, Float.floatToFloat16(in[i]));
    }
  }

  private static void bf16(float[] in, byte[] out, int count) {
    for (int i = 0; i < count; i++) {
      put16(out, 2 * i, Dequantizer.toBf16(in[i]));
    }
  }

  /// Source: `Q8_0.quantize_blocks` of `gguf.quants` 0.19 (Python), the same float32 operations in
  /// the same order.
  private static void q80(float[] in, byte[] out, int count) {
    for (int block = 0; block < count; block++) {
      int from = 32 * block;
      int to = 34 * block;
      float most = 0;
      for (int i = 0; i < 32; i++) {
        most = Math.max(most, Math.abs(in[from + i]));
      }
      float scale = most / 127;
      float inverse = scale == 0 ? 0 : 1 / scale;
      put16(out, to, Float.floatToFloat16(scale));
      for (int i = 0; i < 32; i++) {
        out[to + 2 + i] = (byte) roundAway(in[from + i] * inverse);
      }
    }
  }

  /// Source: `Q4_0.quantize_blocks` of `gguf.quants` 0.19 (Python).
  private static void q40(float[] in, byte[] out, int count) {
    for (int block = 0; block < count; block++) {
      int from = 32 * block;
      int to = 18 * block;
      float most = in[from];
      for (int i = 1; i < 32; i++) {
        most = Math.abs(in[from + i]) > Math.abs(most) ? in[from + i] : most;
      }
      float scale = most / -8;
      float inverse = scale == 0 ? 0 : 1 / scale;
      put16(out, to, Float.floatToFloat16(scale));
      for (int i = 0; i < 16; i++) {
        int low = nibble(in[from + i] * inverse);
        out[to + 2 + i] = (byte) (low | nibble(in[from + 16 + i] * inverse) << 4);
      }
    }
  }

  /// Halves away from zero, as C's `roundf`.
  private static int roundAway(float value) {
    float size = Math.abs(value);
    float whole = (float) Math.floor(size);
    float rounded = whole + (float) Math.floor(2 * (size - whole));
    return (int) (value < 0 ? -rounded : rounded);
  }

  private static int nibble(float scaled) {
    return Math.clamp((int) (scaled + 8.5f), 0, 15);
  }

  private static void put16(byte[] out, int at, short bits) {
    out[at] = (byte) bits;
    out[at + 1] = (byte) (bits >> 8);
  }
}
