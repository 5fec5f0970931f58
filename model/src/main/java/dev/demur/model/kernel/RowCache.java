package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Keys or values of one layer and one sequence, `[token, kv_head, d_head]`, float32 or bfloat16.
///
/// @param type `F32` or `BF16`
/// @param bytes the tokens there is room for
/// @param width values of a token: kv_head · d_head
public record RowCache(StoredAs type, MemorySegment bytes, int width) {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /// As many bfloat16 numbers as there are float32 lanes.
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.length() * Short.SIZE));

  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.ORDER);
  private static final ValueLayout.OfShort BF16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.ORDER);

  /// @throws IllegalArgumentException if the type is quantised
  public RowCache {
    if (type != StoredAs.F32 && type != StoredAs.BF16) {
      throw new IllegalArgumentException("keys and values are kept as F32 or BF16, not " + type);
    }
  }

  /// Writes a token's values, rounded to nearest even.
  ///
  /// @param rows has the token's values
  /// @param from where they begin
  public void store(int token, float[] rows, int from) {
    for (int i = 0; i < width; i++) {
      set((long) token * width + i, rows[from + i]);
    }
  }

  /// Inner product of a token's values from `column` on with a run of q.
  float dot(int token, int column, float[] q, int from, int count) {
    long start = (long) token * width + column;
    int whole = FLOATS.loopBound(count);
    float total =
        type == StoredAs.F32 ? dotF32(start, q, from, whole) : dotBf16(start, q, from, whole);
    for (int i = whole; i < count; i++) {
      total = Math.fma(get(start + i), q[from + i], total);
    }
    return total;
  }

  private float dotF32(long start, float[] q, int from, int count) {
    var sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += FLOATS.length()) {
      sum = f32(start + i).fma(FloatVector.fromArray(FLOATS, q, from + i), sum);
    }
    return AcrossLanes.sum(sum);
  }

  private float dotBf16(long start, float[] q, int from, int count) {
    var sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += FLOATS.length()) {
      sum = widened(halves(start + i)).fma(FloatVector.fromArray(FLOATS, q, from + i), sum);
    }
    return AcrossLanes.sum(sum);
  }

  /// Adds up tokens' values from `column` on, each times its share.
  ///
  /// @param first the first token
  /// @param shares of the tokens from the first on
  /// @param z written from `to` on, `count` values
  void mix(int column, int first, float[] shares, float[] z, int to, int count) {
    int whole = FLOATS.loopBound(count);
    long start = (long) first * width + column;
    for (int i = 0; i < whole; i += FLOATS.length()) {
      if (type == StoredAs.F32) {
        mixF32(start + i, shares, z, to + i);
      } else {
        mixBf16(start + i, shares, z, to + i);
      }
    }
    for (int i = whole; i < count; i++) {
      float sum = 0;
      for (int t = 0; t < shares.length; t++) {
        sum = Math.fma(get(start + (long) t * width + i), shares[t], sum);
      }
      z[to + i] = sum;
    }
  }

  private void mixF32(long start, float[] shares, float[] z, int to) {
    var sum = FloatVector.zero(FLOATS);
    for (int t = 0; t < shares.length; t++) {
      sum = f32(start + (long) t * width).fma(FloatVector.broadcast(FLOATS, shares[t]), sum);
    }
    sum.intoArray(z, to);
  }

  private void mixBf16(long start, float[] shares, float[] z, int to) {
    var sum = FloatVector.zero(FLOATS);
    for (int t = 0; t < shares.length; t++) {
      var values = widened(halves(start + (long) t * width));
      sum = values.fma(FloatVector.broadcast(FLOATS, shares[t]), sum);
    }
    sum.intoArray(z, to);
  }

  private FloatVector f32(long index) {
    return FloatVector.fromMemorySegment(FLOATS, bytes, index * Float.BYTES, Lanes.ORDER);
  }

  private ShortVector halves(long index) {
    return ShortVector.fromMemorySegment(SHORTS, bytes, index * Short.BYTES, Lanes.ORDER);
  }

  /// Bfloat16 numbers are the upper halves of float32 ones.
  private static FloatVector widened(ShortVector halves) {
    return ((IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, Short.SIZE)
        .reinterpretAsFloats();
  }

  private float get(long index) {
    return type == StoredAs.F32
        ? bytes.get(F32, index * Float.BYTES)
        : Float.intBitsToFloat(bytes.get(BF16, index * Short.BYTES) << Short.SIZE);
  }

  private void set(long index, float value) {
    if (type == StoredAs.F32) {
      bytes.set(F32, index * Float.BYTES, value);
    } else {
      int bits = Float.floatToRawIntBits(value);
      int rounded = bits + 0x7FFF + (bits >>> Short.SIZE & 1);
      bytes.set(BF16, index * Short.BYTES, (short) (rounded >>> Short.SIZE));
    }
  }
}
