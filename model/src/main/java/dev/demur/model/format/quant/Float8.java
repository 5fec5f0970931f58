package dev.demur.model.format.quant;

/// Eight-bit floats.
final class Float8 {

  private static final float[] E4M3 = new float[256];

  static {
    for (int bits = 0; bits < 256; bits++) {
      E4M3[bits] = decodeE4m3(bits);
    }
  }

  private Float8() {}

  /// A float8 with 4 exponent and 3 mantissa bits, no infinity, NaN at 0x7F and 0xFF.
  ///
  /// Source: "FP8 Formats for Deep Learning" (arXiv 2209.05433), torch's `float8_e4m3fn`.
  static float e4m3(byte bits) {
    return E4M3[bits & 0xFF];
  }

  private static float decodeE4m3(int bits) {
    int exponent = bits >> 3 & 0xF;
    int mantissa = bits & 7;
    float sign = (bits & 0x80) == 0 ? 1f : -1f;
    if (exponent == 0xF && mantissa == 7) {
      return Float.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb((float) mantissa, -9)
        : sign * Math.scalb((float) (8 + mantissa), exponent - 10);
  }
}
