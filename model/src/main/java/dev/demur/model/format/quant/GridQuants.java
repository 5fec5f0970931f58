package dev.demur.model.format.quant;

import static dev.demur.model.format.quant.LittleEndian.f16;
import static dev.demur.model.format.quant.LittleEndian.i32;
import static dev.demur.model.format.quant.LittleEndian.u16;

/// The ggml IQ types: blocks of 256 (IQ4_NL: 32) elements whose values are looked up, in groups of
/// four or eight, in fixed grids.
///
/// Each method reads one block; the order of float32 operations is that of `gguf.quants` 0.19
/// (Python), whose results these match bit for bit.
final class GridQuants {

  private static final float[] IQ4_VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private static final float IQ1_DELTA = 0.125f;

  private GridQuants() {}

  static void iq2xxs(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int group = 0; group < 8; group++) {
      int at = from + 2 + 8 * group;
      int signs = i32(in, at + 4);
      float db = d * (0.5f + (signs >>> 28)) * 0.25f;
      for (int k = 0; k < 4; k++) {
        int sign = IqGrids.signs(signs >> (7 * k) & 0x7F);
        signed(db, IqGrids.IQ2_XXS, in[at + k] & 0xFF, sign, out, to + 32 * group + 8 * k);
      }
    }
  }

  static void iq2xs(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int k = 0; k < 32; k++) {
      float db = d * (0.5f + nibble(in, from + 66, k >> 1)) * 0.25f;
      int q = u16(in, from + 2 + 2 * k);
      signed(db, IqGrids.IQ2_XS, q & 511, IqGrids.signs(q >> 9), out, to + 8 * k);
    }
  }

  static void iq2s(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int k = 0; k < 32; k++) {
      float db = d * (0.5f + nibble(in, from + 74, k >> 1)) * 0.25f;
      int high = in[from + 66 + (k >> 2)] >> (2 * (k & 3)) & 3;
      int q = (in[from + 2 + k] & 0xFF) | high << 8;
      signed(db, IqGrids.IQ2_S, q, in[from + 34 + k], out, to + 8 * k);
    }
  }

  static void iq3xxs(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int group = 0; group < 8; group++) {
      int scales = i32(in, from + 66 + 4 * group);
      float db = d * (0.5f + (scales >>> 28)) * 0.5f;
      for (int k = 0; k < 4; k++) {
        int sign = IqGrids.signs(scales >> (7 * k) & 0x7F);
        int q = from + 2 + 8 * group + 2 * k;
        int at = to + 32 * group + 8 * k;
        signed(db, IqGrids.IQ3_XXS, in[q] & 0xFF, sign, out, at);
        signed(db, IqGrids.IQ3_XXS, in[q + 1] & 0xFF, sign >> 4, out, at + 4);
      }
    }
  }

  static void iq3s(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int k = 0; k < 64; k++) {
      float db = d * (1 + 2 * nibble(in, from + 106, k >> 3));
      int q = (in[from + 2 + k] & 0xFF) | (in[from + 66 + (k >> 3)] >> (k & 7) & 1) << 8;
      int sign = in[from + 74 + (k >> 1)] >> (4 * (k & 1));
      signed(db, IqGrids.IQ3_S, q, sign, out, to + 4 * k);
    }
  }

  static void iq1s(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int k = 0; k < 32; k++) {
      int high = u16(in, from + 34 + 2 * (k >> 2));
      float dl = d * (2 * (high >> 12 & 7) + 1);
      float delta = (high & 0x8000) == 0 ? IQ1_DELTA : -IQ1_DELTA;
      int q = (in[from + 2 + k] & 0xFF) | (high >> (3 * (k & 3)) & 7) << 8;
      shifted(dl, delta, q, out, to + 8 * k);
    }
  }

  static void iq1m(byte[] in, int from, float[] out, int to) {
    int scales = from + 48;
    // The float16 scale is spread over the top four bits of four words.
    int bits = 0;
    for (int word = 0; word < 4; word++) {
      bits |= u16(in, scales + 2 * word) >> 12 << (4 * word);
    }
    float d = Float.float16ToFloat((short) bits);
    for (int k = 0; k < 32; k++) {
      int group = k >> 1;
      int scale = u16(in, scales + 2 * (group >> 2)) >> (3 * (group & 3)) & 7;
      int high = in[from + 32 + (k >> 1)] >> (4 * (k & 1));
      float delta = (high & 8) == 0 ? IQ1_DELTA : -IQ1_DELTA;
      shifted(d * (2 * scale + 1), delta, (in[from + k] & 0xFF) | (high & 7) << 8, out, to + 8 * k);
    }
  }

  static void iq4nl(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    for (int i = 0; i < 16; i++) {
      int q = in[from + 2 + i];
      out[to + i] = d * IQ4_VALUES[q & 0xF];
      out[to + 16 + i] = d * IQ4_VALUES[q >> 4 & 0xF];
    }
  }

  static void iq4xs(byte[] in, int from, float[] out, int to) {
    float d = f16(in, from);
    int high = u16(in, from + 2);
    for (int group = 0; group < 8; group++) {
      int scale = nibble(in, from + 4, group) | (high >> (2 * group) & 3) << 4;
      float dl = d * (scale - 32);
      for (int i = 0; i < 16; i++) {
        int q = in[from + 8 + 16 * group + i];
        out[to + 32 * group + i] = dl * IQ4_VALUES[q & 0xF];
        out[to + 32 * group + 16 + i] = dl * IQ4_VALUES[q >> 4 & 0xF];
      }
    }
  }

  private static int nibble(byte[] in, int from, int index) {
    return in[from + (index >> 1)] >> (4 * (index & 1)) & 0xF;
  }

  /// Writes d times the grid row, negated where `signs` has a bit.
  private static void signed(
      float d, IqGrids.Grid grid, int index, int signs, float[] out, int to) {
    for (int i = 0; i < grid.width(); i++) {
      float value = d * grid.at(index, i);
      out[to + i] = (signs >> i & 1) == 0 ? value : -value;
    }
  }

  private static void shifted(float d, float delta, int index, float[] out, int to) {
    for (int i = 0; i < 8; i++) {
      out[to + i] = d * (IqGrids.IQ1_S.at(index, i) + delta);
    }
  }
}
