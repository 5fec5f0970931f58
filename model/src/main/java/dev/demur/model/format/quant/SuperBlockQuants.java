package dev.demur.model.format.quant;

import static dev.demur.model.format.quant.LittleEndian.f16;
import static dev.demur.model.format.quant.LittleEndian.f32;

/// The ggml types with 256 elements a block whose values lie on an even grid: the K types and the
/// ternary ones.
///
/// Each method reads one block; the order of float32 operations is that of `gguf.quants` 0.19
/// (Python), whose results these match bit for bit.
final class SuperBlockQuants {

  private static final int[] POWERS_OF_3 = {1, 3, 9, 27, 81};

  private SuperBlockQuants() {}

  static void q2k(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from + 80);
    float dmin = f16(in, from + 82);
    for (int group = 0; group < 16; group++) {
      int scale = in[from + group];
      float dl = d * (scale & 0xF);
      float ml = dmin * (scale >> 4 & 0xF);
      int qs = from + 16 + 32 * (group >> 3) + 16 * (group & 1);
      int shift = 2 * (group >> 1 & 3);
      for (int i = 0; i < 16; i++) {
        out[to + 16 * group + i] = dl * (in[qs + i] >> shift & 3) - ml;
      }
    }
  }

  static void q3k(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from + 108);
    for (int group = 0; group < 16; group++) {
      int low = in[from + 96 + (group & 7)] >> (4 * (group >> 3)) & 0xF;
      int high = in[from + 104 + (group & 3)] >> (2 * (group >> 2)) & 3;
      float dl = d * ((low | high << 4) - 32);
      int qs = from + 32 + 32 * (group >> 3) + 16 * (group & 1);
      int shift = 2 * (group >> 1 & 3);
      int mask = from + 16 * (group & 1);
      int maskBit = group >> 1;
      for (int i = 0; i < 16; i++) {
        // The offset of 4 applies where the mask bit is clear.
        int q = (in[qs + i] >> shift & 3) - ((~in[mask + i] >> maskBit & 1) << 2);
        out[to + 16 * group + i] = dl * q;
      }
    }
  }

  static void q4k(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    float dmin = f16(in, from + 2);
    for (int group = 0; group < 8; group++) {
      float dl = d * scaleOf(in, from + 4, group);
      float ml = dmin * minOf(in, from + 4, group);
      int qs = from + 16 + 32 * (group >> 1);
      int shift = 4 * (group & 1);
      for (int i = 0; i < 32; i++) {
        out[to + 32 * group + i] = dl * (in[qs + i] >> shift & 0xF) - ml;
      }
    }
  }

  static void q5k(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    float dmin = f16(in, from + 2);
    for (int group = 0; group < 8; group++) {
      float dl = d * scaleOf(in, from + 4, group);
      float ml = dmin * minOf(in, from + 4, group);
      int high = from + 16;
      int qs = from + 48 + 32 * (group >> 1);
      int shift = 4 * (group & 1);
      for (int i = 0; i < 32; i++) {
        int q = (in[qs + i] >> shift & 0xF) | (in[high + i] >> group & 1) << 4;
        out[to + 32 * group + i] = dl * q - ml;
      }
    }
  }

  /// One of eight 6-bit scales packed, with eight minima, into 12 bytes.
  private static int scaleOf(byte[] in, int at, int group) {
    return group < 4
        ? in[at + group] & 0x3F
        : (in[at + 4 + group] & 0xF) | (in[at + group - 4] >> 2 & 0x30);
  }

  private static int minOf(byte[] in, int at, int group) {
    return group < 4
        ? in[at + 4 + group] & 0x3F
        : (in[at + 4 + group] >> 4 & 0xF) | (in[at + group] >> 2 & 0x30);
  }

  static void q6k(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from + 208);
    for (int group = 0; group < 16; group++) {
      float dl = d * in[from + 192 + group];
      int half = group >> 3;
      int quarter = group >> 1 & 3;
      int low = from + 64 * half + 32 * (quarter & 1) + 16 * (group & 1);
      int lowShift = 4 * (quarter >> 1);
      int high = from + 128 + 32 * half + 16 * (group & 1);
      int highShift = 2 * quarter;
      for (int i = 0; i < 16; i++) {
        int q = ((in[low + i] >> lowShift & 0xF) | (in[high + i] >> highShift & 3) << 4) - 32;
        out[to + 16 * group + i] = dl * q;
      }
    }
  }

  /// Not in `gguf.quants`; ggml's own `dequantize_row_q8_K`: a float32 scale, then 256 bytes.
  static void q8k(byte[] in, int from, float[] out, int to) {
    float d = f32(in, from);
    for (int i = 0; i < 256; i++) {
      out[to + i] = d * in[from + 4 + i];
    }
  }

  static void tq10(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from + 52);
    trits(in, from, 32, 5, d, out, to);
    trits(in, from + 32, 16, 5, d, out, to + 160);
    trits(in, from + 48, 4, 4, d, out, to + 240);
  }

  /// Base-3 digits, `digits` to a byte, as fractions of 256.
  private static void trits(
      byte[] in, int from, int width, int digits, float d, float[] out, int to) {
    for (int digit = 0; digit < digits; digit++) {
      for (int i = 0; i < width; i++) {
        int fraction = in[from + i] * POWERS_OF_3[digit] & 0xFF;
        out[to + digit * width + i] = d * (((fraction * 3) >> 8) - 1);
      }
    }
  }

  static void tq20(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from + 64);
    for (int group = 0; group < 8; group++) {
      int qs = from + 32 * (group >> 2);
      int shift = 2 * (group & 3);
      for (int i = 0; i < 32; i++) {
        out[to + 32 * group + i] = d * ((in[qs + i] >> shift & 3) - 1);
      }
    }
  }
}
