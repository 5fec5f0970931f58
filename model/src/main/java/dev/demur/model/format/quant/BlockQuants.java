package dev.demur.model.format.quant;

import static dev.demur.model.format.quant.LittleEndian.f16;
import static dev.demur.model.format.quant.LittleEndian.i32;

/// The ggml types with one or two scales per 32 or 128 elements, and the four-bit floats.
///
/// Each method reads one block; the order of float32 operations is that of `gguf.quants` 0.19
/// (Python), whose results these match bit for bit.
public final class BlockQuants {

  private static final float[] E2M1_DOUBLED = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  /// The same with a negative zero, which ggml's table of whole numbers does not have.
  private static final float[] E2M1_DOUBLED_WITH_SIGN = {
    0, 1, 2, 3, 4, 6, 8, 12, -0f, -1, -2, -3, -4, -6, -8, -12
  };

  private BlockQuants() {}

  /// One sign for each element, the lowest bit of a byte first.
  ///
  /// Source: `dequantize_row_q1_0` of ggml; the Python package knows the type's size alone.
  static void q10(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int i = 0; i < 128; i++) {
      out[to + i] = (in[from + 2 + i / 8] >> i % 8 & 1) == 1 ? d : -d;
    }
  }

  static void q40(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 2 + i];
      out[to + i] = d * ((q & 0xF) - 8);
      out[to + 16 + i] = d * ((q >> 4 & 0xF) - 8);
    }
  }

  static void q41(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    float m = f16(in, from + 2);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 4 + i];
      out[to + i] = d * (q & 0xF) + m;
      out[to + 16 + i] = d * (q >> 4 & 0xF) + m;
    }
  }

  static void q50(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    int high = i32(in, from + 2);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 6 + i];
      out[to + i] = d * (((q & 0xF) | fifth(high, i)) - 16);
      out[to + 16 + i] = d * (((q >> 4 & 0xF) | fifth(high, i + 16)) - 16);
    }
  }

  static void q51(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    float m = f16(in, from + 2);
    int high = i32(in, from + 4);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 8 + i];
      out[to + i] = d * ((q & 0xF) | fifth(high, i)) + m;
      out[to + 16 + i] = d * ((q >> 4 & 0xF) | fifth(high, i + 16)) + m;
    }
  }

  static void q80(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int i = 0; i < 32; i++) {
      out[to + i] = in[from + 2 + i] * d;
    }
  }

  static void mxfp4(byte[] in, int from, float[] out, int to) {
    float d = halfOfE8m0(in[from] & 0xFF);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 1 + i];
      out[to + i] = d * E2M1_DOUBLED[q & 0xF];
      out[to + 16 + i] = d * E2M1_DOUBLED[q >> 4 & 0xF];
    }
  }

  /// As [#mxfp4], but the two numbers of a byte are neighbours, as in gpt-oss' own checkpoint.
  public static void mxfp4InTurn(byte[] in, int from, float[] out, int to) {
    float d = halfOfE8m0(in[from] & 0xFF);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 1 + i];
      out[to + 2 * i] = d * E2M1_DOUBLED_WITH_SIGN[q & 0xF];
      out[to + 2 * i + 1] = d * E2M1_DOUBLED_WITH_SIGN[q >> 4 & 0xF];
    }
  }

  static void nvfp4(byte[] in, int from, float[] out, int to) {
    for (int group = 0; group < 4; group++) {
      float d = halfOfUe4m3(in[from + group] & 0xFF);
      for (int i = 0; i < 8; i++) {
        int q = in[from + 4 + 8 * group + i];
        out[to + 16 * group + i] = d * E2M1_DOUBLED[q & 0xF];
        out[to + 16 * group + 8 + i] = d * E2M1_DOUBLED[q >> 4 & 0xF];
      }
    }
  }

  /// The fifth bit of a five-bit number, in its place.
  private static int fifth(int bits, int index) {
    return (bits >> index & 1) << 4;
  }

  /// Half of the power of two 2^(e − 127); the halves make up for the doubled table.
  private static float halfOfE8m0(int e) {
    return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : (e - 1) << 23);
  }

  private static float halfOfUe4m3(int bits) {
    if (bits == 0 || bits == 0x7F) {
      return 0;
    }
    int exponent = bits >> 3 & 0xF;
    int mantissa = bits & 7;
    return exponent == 0
        ? Math.scalb((float) mantissa, -10)
        : Math.scalb((float) (8 + mantissa), exponent - 11);
  }
}
