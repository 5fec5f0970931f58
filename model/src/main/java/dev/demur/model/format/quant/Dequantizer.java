package dev.demur.model.format.quant;

import dev.demur.model.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// Reads stored elements into float32 or bfloat16 memory, on all cores.
///
/// bfloat16 is rounded to nearest, ties to even, from the float32 value. The result does not depend
/// on the number of cores.
public final class Dequantizer {

  /// Elements decoded at a time: input and output stay in a core's nearest cache.
  private static final int PIECE = 8192;

  /// Elements given to a core at a time, and so the smallest tensor worth sharing out.
  private static final long SHARE = 64L * PIECE;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final int NOT_FINITE = 0x7F800000;

  private Dequantizer() {}

  /// Decodes `elements` elements from `in` to `out`.
  ///
  /// @param to `F32` or `BF16`
  /// @return the index of the first NaN or infinity that came out
  public static OptionalLong decode(
      ElementDecoder decoder, MemorySegment in, long elements, MemorySegment out, DType to) {
    long shares = (elements + SHARE - 1) / SHARE;
    return LongStream.range(0, shares)
        .parallel()
        .map(share -> new Share(decoder, in, out, to).decode(share * SHARE, elements))
        .filter(index -> index >= 0)
        .min();
  }

  /// Looks for the first NaN or infinity without keeping the numbers.
  ///
  /// @param to type they would be decoded to
  public static OptionalLong firstNotFinite(
      ElementDecoder decoder, MemorySegment in, long elements, DType to) {
    return decode(decoder, in, elements, MemorySegment.NULL, to);
  }

  /// Rounds a float32 to bfloat16 bits: nearest, ties to even.
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  /// One core's part of the work, with its buffers.
  private static final class Share {

    private final ElementDecoder decoder;
    private final MemorySegment in;
    private final MemorySegment out;
    private final DType to;
    private final byte[] stored;
    private final float[] values = new float[PIECE];
    private final int[] bits = new int[PIECE];
    private final short[] rounded = new short[PIECE];

    Share(ElementDecoder decoder, MemorySegment in, MemorySegment out, DType to) {
      this.decoder = decoder;
      this.in = in;
      this.out = out;
      this.to = to;
      this.stored = new byte[Math.toIntExact(decoder.bytes(PIECE))];
    }

    /// Decodes one share and returns the first index that is not finite, or −1.
    long decode(long first, long elements) {
      long end = Math.min(elements, first + SHARE);
      long bad = -1;
      for (long start = first; start < end; start += PIECE) {
        int count = (int) Math.min(PIECE, end - start);
        long bytes = decoder.bytes(count);
        MemorySegment.copy(in, BYTE, decoder.bytes(start), stored, 0, (int) bytes);
        decoder.blocks().decode(stored, values, count / decoder.blockElements());
        MemorySegment.copy(
            MemorySegment.ofArray(values), 0, MemorySegment.ofArray(bits), 0, 4L * count);
        int worst = to == DType.BF16 ? writeBf16(start, count) : writeF32(start, count);
        if (worst >= NOT_FINITE && bad < 0) {
          bad = start + firstBad(count);
        }
      }
      return bad;
    }

    private int writeF32(long start, int count) {
      int worst = worst(bits, count);
      if (out.byteSize() > 0) {
        MemorySegment.copy(values, 0, out, FLOAT, 4 * start, count);
      }
      return worst;
    }

    private int writeBf16(long start, int count) {
      // A NaN whose payload would round away still shows in the unrounded bits.
      int worst = worst(bits, count);
      round(bits, count);
      worst = Math.max(worst, worst(bits, count));
      if (out.byteSize() > 0) {
        truncate(bits, rounded, count);
        MemorySegment.copy(rounded, 0, out, SHORT, 2 * start, count);
      }
      return worst;
    }

    // Loops over int arrays, apart from each other: this the JIT compiler turns into vector code,
    // which it does not for Float.floatToRawIntBits.

    private static int worst(int[] bits, int count) {
      int worst = 0;
      for (int i = 0; i < count; i++) {
        worst = Math.max(worst, bits[i] & 0x7FFFFFFF);
      }
      return worst;
    }

    private static void round(int[] bits, int count) {
      for (int i = 0; i < count; i++) {
        bits[i] = (bits[i] + 0x7FFF + (bits[i] >>> 16 & 1)) & 0xFFFF0000;
      }
    }

    private static void truncate(int[] bits, short[] to, int count) {
      for (int i = 0; i < count; i++) {
        to[i] = (short) (bits[i] >>> 16);
      }
    }

    private int firstBad(int count) {
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(values[i])
            || (to == DType.BF16
                && !Float.isFinite(Float.intBitsToFloat(toBf16(values[i]) << 16)))) {
          return i;
        }
      }
      return count;
    }
  }
}
