package dev.demur.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// eˣ of every lane by products and sums, the same to the bit whenever it is asked.
///
/// The virtual machine's own `EXP` is a native library's once code is compiled and `Math.exp`
/// before, and the two differ in the last bit.
///
/// x is split into n ln 2 + r with |r| ≤ ln 2 / 2, and eʳ is Moshier's polynomial of `expf` (Cephes
/// 2.2). Results are within 1.1 units in the last place.
final class Exponential {

  /// Below, eˣ is 0 in float32; above, infinite.
  private static final float LEAST = -104;

  private static final float MOST = 89;

  private static final float LOG2_E = 1.442695f;

  /// ln 2 in two parts; few bits of the first are set, so that n times it is exact.
  private static final float LN2_HIGH = 0.6933594f;

  private static final float LN2_LOW = -2.1219444e-4f;

  /// 1.5 · 2²³: what is added to it is rounded to an integer.
  private static final float ROUNDER = 12582912;

  /// Of r⁷ to r².
  private static final float C7 = 1.9875691e-4f;

  private static final float C6 = 0.0013981999f;
  private static final float C5 = 0.008333452f;
  private static final float C4 = 0.041665796f;
  private static final float C3 = 0.16666666f;
  private static final float C2 = 0.5f;

  private static final int EXPONENT_BIAS = 127;
  private static final int MANTISSA_BITS = 23;

  private Exponential() {}

  /// @param x any numbers; NaN stays NaN
  static FloatVector of(FloatVector x) {
    var within = x.max(LEAST).min(MOST);
    var n = within.fma(LOG2_E, ROUNDER).sub(ROUNDER);
    var high = n.fma(n.broadcast(-LN2_HIGH), within);
    var r = n.fma(n.broadcast(-LN2_LOW), high);
    var curve = r.fma(C7, C6);
    curve = curve.fma(r, r.broadcast(C5));
    curve = curve.fma(r, r.broadcast(C4));
    curve = curve.fma(r, r.broadcast(C3));
    curve = curve.fma(r, r.broadcast(C2));
    var power = curve.fma(r.mul(r), r).add(1);
    // 2ⁿ in two factors: one alone has no room for the smallest and the largest.
    var exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
    var half = exponent.lanewise(VectorOperators.ASHR, 1);
    return power.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
  }
}
