package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sixteen lanes, for formats whose blocks ask for that many, and what is read into them.
final class Lanes {

  static final int COUNT = 16;

  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

  private Lanes() {}

  /// A float16 number.
  static float f16(MemorySegment from, long at) {
    return Float.float16ToFloat(from.get(SHORT, at));
  }

  /// Sixteen bytes, each in an int of its own, from 0 to 255.
  static IntVector unsignedBytes(MemorySegment from, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, from, at, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /// Sixteen bytes, each as a float from −128 to 127.
  static FloatVector signedBytes(MemorySegment from, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(BYTES, from, at, ORDER)
            .convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  /// Sixteen bytes from 0 to 127 as floats.
  static FloatVector floats(ByteVector bytes) {
    return (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  static FloatVector floats(IntVector ints) {
    return (FloatVector) ints.convert(VectorOperators.I2F, 0);
  }
}
