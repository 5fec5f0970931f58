package dev.demur.model.format.quant;

import dev.demur.model.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Turns stored elements into float32, a whole number of blocks at a time.
///
/// A block is the smallest run of elements that can be read alone: one element for plain types, 32
/// to 256 for quantised ones.
///
/// @param blockElements elements in a block
/// @param blockBytes bytes in a block
/// @param blocks reads blocks that follow one another
public record ElementDecoder(int blockElements, int blockBytes, Blocks blocks) {

  /// Reads blocks that follow one another.
  @FunctionalInterface
  interface Blocks {

    /// Reads `count` blocks from the start of `in` to the start of `out`.
    void decode(byte[] in, float[] out, int count);
  }

  /// Reads one block.
  @FunctionalInterface
  public interface Block {

    /// Reads the block at `in[from]` into the floats from `out[to]`.
    void decode(byte[] in, int from, float[] out, int to);
  }

  /// A decoder that reads block by block.
  public static ElementDecoder ofBlocks(int blockElements, int blockBytes, Block block) {
    return new ElementDecoder(
        blockElements,
        blockBytes,
        (in, out, count) -> {
          for (int b = 0; b < count; b++) {
            block.decode(in, b * blockBytes, out, b * blockElements);
          }
        });
  }

  /// The decoder of plain numbers. Whole numbers become the nearest float32.
  public static ElementDecoder of(DType type) {
    return new ElementDecoder(
        1,
        type.bytes(),
        switch (type) {
          case F64 -> ElementDecoder::f64;
          case F32 -> ElementDecoder::f32;
          case F16 -> ElementDecoder::f16;
          case BF16 -> ElementDecoder::bf16;
          case F8_E4M3 -> ElementDecoder::f8;
          case I64 -> ElementDecoder::i64;
          case I32 -> ElementDecoder::i32;
          case I16 -> ElementDecoder::i16;
          case I8 -> ElementDecoder::i8;
          case U8, BOOL -> ElementDecoder::u8;
        });
  }

  private static void f64(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) LittleEndian.f64(in, 8 * i);
    }
  }

  private static void f32(byte[] in, float[] out, int count) {
    ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out, 0, count);
  }

  private static void f16(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = LittleEndian.f16(in, 2 * i);
    }
  }

  private static void bf16(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = LittleEndian.bf16(in, 2 * i);
    }
  }

  private static void f8(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Float8.e4m3(in[i]);
    }
  }

  private static void i64(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) LittleEndian.i64(in, 8 * i);
    }
  }

  private static void i32(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) LittleEndian.i32(in, 4 * i);
    }
  }

  private static void i16(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (short) LittleEndian.u16(in, 2 * i);
    }
  }

  private static void i8(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = in[i];
    }
  }

  private static void u8(byte[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = in[i] & 0xFF;
    }
  }

  /// Bytes that `elements` elements take; `elements` must be a whole number of blocks.
  public long bytes(long elements) {
    return Math.multiplyExact(elements / blockElements, blockBytes);
  }
}
