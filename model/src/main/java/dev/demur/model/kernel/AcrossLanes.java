package dev.demur.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// What a vector's lanes make together, the same to the bit whenever it is asked.
///
/// `reduceLanes` leaves the order of a sum to the virtual machine. Compiled code takes another than
/// interpreted code, so that a product changed its last bits while a program warmed up. Only this
/// class may call it.
final class AcrossLanes {

  private static final VectorShuffle<Float> EIGHT_OF_16 = turned(FloatVector.SPECIES_512, 8);
  private static final VectorShuffle<Float> FOUR_OF_16 = turned(FloatVector.SPECIES_512, 4);
  private static final VectorShuffle<Float> TWO_OF_16 = turned(FloatVector.SPECIES_512, 2);
  private static final VectorShuffle<Float> FOUR_OF_8 = turned(FloatVector.SPECIES_256, 4);
  private static final VectorShuffle<Float> TWO_OF_8 = turned(FloatVector.SPECIES_256, 2);
  private static final VectorShuffle<Float> TWO_OF_4 = turned(FloatVector.SPECIES_128, 2);

  private AcrossLanes() {}

  /// The sum of all lanes: the upper half is added to the lower half until two lanes are left.
  ///
  /// @param x of 2, 4, 8 or 16 lanes
  static float sum(FloatVector x) {
    var halved =
        switch (x.length()) {
          case 16 -> added(added(added(x, EIGHT_OF_16), FOUR_OF_16), TWO_OF_16);
          case 8 -> added(added(x, FOUR_OF_8), TWO_OF_8);
          case 4 -> added(x, TWO_OF_4);
          case 2 -> x;
          default -> throw new IllegalArgumentException(x.length() + " lanes");
        };
    return halved.lane(0) + halved.lane(1);
  }

  /// The largest lane, which no order changes.
  static float largest(FloatVector x) {
    return x.reduceLanes(VectorOperators.MAX);
  }

  private static FloatVector added(FloatVector x, VectorShuffle<Float> turn) {
    return x.add(x.rearrange(turn));
  }

  private static VectorShuffle<Float> turned(VectorSpecies<Float> species, int by) {
    return VectorShuffle.fromOp(species, lane -> (lane + by) % species.length());
  }
}
