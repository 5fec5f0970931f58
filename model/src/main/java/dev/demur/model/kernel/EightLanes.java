package dev.demur.model.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Eight lanes, and what is read into them. See [Lanes] for sixteen.
final class EightLanes {

  static final int COUNT = 8;

  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  /// Brings the third lane to the front, and so on.
  static final VectorShuffle<Float> NEXT = VectorShuffle.fromOp(FLOATS, lane -> (lane + 2) % COUNT);

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;

  private EightLanes() {}

  /// Thirty-two bytes.
  static IntVector ints(MemorySegment from, long at) {
    return IntVector.fromMemorySegment(INTS, from, at, Lanes.ORDER);
  }

  /// Eight bytes, each in an int of its own, from 0 to 255.
  static IntVector unsignedBytes(MemorySegment from, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, from, at, Lanes.ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /// Eight bytes, each as a float from −128 to 127.
  static FloatVector signedBytes(MemorySegment from, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(BYTES, from, at, Lanes.ORDER)
            .convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  /// The eight bytes of a long, from 0 to 127, as floats.
  static FloatVector floats(long bytes) {
    return (FloatVector)
        LongVector.broadcast(LongVector.SPECIES_128, bytes)
            .reinterpretAsBytes()
            .convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  static FloatVector floats(IntVector ints) {
    return (FloatVector) ints.convert(VectorOperators.I2F, 0);
  }
}
