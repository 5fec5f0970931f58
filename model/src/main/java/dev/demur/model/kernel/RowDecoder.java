package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Rows of a matrix as float32 numbers, each the number that is stored.
final class RowDecoder {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  private static final int SHORT_BLOCK = 32;
  private static final int HALF = 16;
  private static final int LONG_BLOCK = 256;
  private static final int PAIR = 64;
  private static final int GROUP = 32;
  private static final int LOW = 0x0F;
  private static final int HIGH = 0x30;
  private static final int SIX_BITS = 0x3F;

  private final StoredAs type;
  private final MemorySegment weights;
  private final long rowBytes;
  private final int columns;

  /// @param matrix see [#takes]
  RowDecoder(RowMatrix matrix) {
    this.type = matrix.type();
    this.weights = matrix.plain();
    this.columns = matrix.columns();
    this.rowBytes = type.rowBytes(columns);
  }

  /// Whether it decodes a matrix: one whose rows fill whole registers.
  static boolean takes(RowMatrix matrix) {
    return matrix.type() != StoredAs.F32 && matrix.columns() % FLOATS.length() == 0;
  }

  /// Writes one row.
  ///
  /// @param to at least as many float32 numbers as a row has columns
  /// @param start the byte where the first is put
  void decode(int row, MemorySegment to, long start) {
    long from = row * rowBytes;
    switch (type) {
      case BF16 -> halves(from, to, start);
      case Q8_0 -> bytes(from, to, start);
      case Q4_0, Q4_1 -> halfBytes(from, to, start);
      case Q4_K -> fourBits(from, to, start);
      case Q6_K -> sixBits(from, to, start);
      case F32 -> throw new IllegalStateException("float32 is not decoded");
    }
  }

  /// bfloat16 numbers, the upper halves of float32 ones.
  private void halves(long from, MemorySegment to, long start) {
    for (int i = 0; i < columns; i += FLOATS.length()) {
      var shorts =
          ShortVector.fromMemorySegment(SHORTS, weights, from + 2L * i, Lanes.ORDER)
              .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      ((IntVector) shorts)
          .lanewise(VectorOperators.LSHL, Short.SIZE)
          .reinterpretAsFloats()
          .intoMemorySegment(to, start + 4L * i, Lanes.ORDER);
    }
  }

  /// Q8_0, see [ShortBlockRows].
  private void bytes(long from, MemorySegment to, long start) {
    long at = from;
    for (int first = 0; first < columns; first += SHORT_BLOCK, at += StoredAs.Q8_0.blockBytes()) {
      float scale = Lanes.f16(weights, at);
      for (int i = 0; i < SHORT_BLOCK; i += EightLanes.COUNT) {
        EightLanes.signedBytes(weights, at + 2 + i)
            .mul(scale)
            .intoMemorySegment(to, start + 4L * (first + i), Lanes.ORDER);
      }
    }
  }

  /// Q4_0 and Q4_1, see [ShortBlockRows].
  private void halfBytes(long from, MemorySegment to, long start) {
    int blockBytes = type.blockBytes();
    long at = from;
    for (int first = 0; first < columns; first += SHORT_BLOCK, at += blockBytes) {
      float scale = Lanes.f16(weights, at);
      float least = type == StoredAs.Q4_1 ? Lanes.f16(weights, at + 2) : -8 * scale;
      for (int i = 0; i < HALF; i += EightLanes.COUNT) {
        var numbers = EightLanes.unsignedBytes(weights, at + blockBytes - HALF + i);
        long place = start + 4L * (first + i);
        put(numbers.and(LOW), scale, least, to, place);
        put(numbers.lanewise(VectorOperators.LSHR, 4), scale, least, to, place + 4L * HALF);
      }
    }
  }

  /// Q4_K, see [Q4KRows].
  private void fourBits(long from, MemorySegment to, long start) {
    long at = from;
    for (int first = 0; first < columns; first += LONG_BLOCK, at += StoredAs.Q4_K.blockBytes()) {
      float d = Lanes.f16(weights, at);
      float dmin = -Lanes.f16(weights, at + 2);
      int lower = weights.get(Lanes.INT, at + 12);
      long scales = Q4KRows.scales(weights.get(Lanes.INT, at + 4), lower);
      long leasts = Q4KRows.scales(weights.get(Lanes.INT, at + 8), lower >>> 4);
      for (int pair = 0; pair < LONG_BLOCK; pair += PAIR) {
        for (int i = 0; i < GROUP; i += EightLanes.COUNT) {
          var numbers = EightLanes.unsignedBytes(weights, at + 16 + pair / 2 + i);
          long place = start + 4L * (first + pair + i);
          put(numbers.and(LOW), d * (scales & SIX_BITS), dmin * (leasts & SIX_BITS), to, place);
          put(
              numbers.lanewise(VectorOperators.LSHR, 4),
              d * (scales >>> Byte.SIZE & SIX_BITS),
              dmin * (leasts >>> Byte.SIZE & SIX_BITS),
              to,
              place + 4L * GROUP);
        }
        scales >>>= 2 * Byte.SIZE;
        leasts >>>= 2 * Byte.SIZE;
      }
    }
  }

  /// Q6_K, see [Q6KRows]: of 128 elements, four bits in 64 bytes and two bits in 32.
  private void sixBits(long from, MemorySegment to, long start) {
    long at = from;
    for (int first = 0; first < columns; first += LONG_BLOCK, at += StoredAs.Q6_K.blockBytes()) {
      float d = Lanes.f16(weights, at + 208);
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < GROUP; i += EightLanes.COUNT) {
          var one = EightLanes.unsignedBytes(weights, at + 64L * half + i);
          var other = EightLanes.unsignedBytes(weights, at + 64L * half + GROUP + i);
          var high = EightLanes.unsignedBytes(weights, at + 128 + 32L * half + i);
          long place = start + 4 * (first + 128L * half + i);
          long scales = at + 192 + 8L * half + i / HALF;
          put(
              one.and(LOW).or(high.lanewise(VectorOperators.LSHL, 4).and(HIGH)),
              d * scale(scales),
              to,
              place);
          put(
              other.and(LOW).or(high.lanewise(VectorOperators.LSHL, 2).and(HIGH)),
              d * scale(scales + 2),
              to,
              place + 4L * GROUP);
          put(
              one.lanewise(VectorOperators.LSHR, 4).or(high.and(HIGH)),
              d * scale(scales + 4),
              to,
              place + 8L * GROUP);
          put(
              other
                  .lanewise(VectorOperators.LSHR, 4)
                  .or(high.lanewise(VectorOperators.LSHR, 2).and(HIGH)),
              d * scale(scales + 6),
              to,
              place + 12L * GROUP);
        }
      }
    }
  }

  private byte scale(long at) {
    return weights.get(ValueLayout.JAVA_BYTE, at);
  }

  /// Numbers around 32.
  private static void put(IntVector q, float scale, MemorySegment to, long at) {
    put(q, scale, -32 * scale, to, at);
  }

  private static void put(IntVector q, float scale, float least, MemorySegment to, long at) {
    EightLanes.floats(q)
        .fma(
            FloatVector.broadcast(EightLanes.FLOATS, scale),
            FloatVector.broadcast(EightLanes.FLOATS, least))
        .intoMemorySegment(to, at, Lanes.ORDER);
  }
}
