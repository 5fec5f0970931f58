package dev.demur.lab.map.geometry;

import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import java.util.List;
import java.util.Optional;

/// How one direction lies to another, and what it tells of the other's prompts.
///
/// @param first the direction
/// @param second the other
/// @param cosine of the two
/// @param interval of the cosine over redrawn training prompts, a prompt both share drawn for both
///   alike; of a direction with itself, of the redrawn with the direction
/// @param disjoint the same cosine where no prompt counts for both: shared prompts are dealt out by
///   chance, mean over deals; of a direction with itself, of two halves. Empty where too few
///   prompts are left
/// @param nullCosine 95th percentile of |cosine| when the first's labels are shuffled
/// @param pValue of "the first's labels have nothing to do with the second direction", by shuffling
///   them, on prompts both do not share; of a direction with itself, of its length. Empty as
///   `disjoint`
/// @param adjusted the same by Holm over all cells off the diagonal
/// @param auroc how well the first direction tells the second pair's test prompts apart
/// @param dPrime the same in units of their spread; empty where projections do not scatter
public record Angle(
    String first,
    String second,
    double cosine,
    Interval interval,
    Optional<Double> disjoint,
    double nullCosine,
    Optional<Double> pValue,
    Optional<Double> adjusted,
    Auroc auroc,
    Optional<Double> dPrime) {

  /// The one of two directions among those of all.
  public static Angle between(String first, String second, List<Angle> angles) {
    return angles.stream()
        .filter(a -> a.first().equals(first) && a.second().equals(second))
        .findFirst()
        .orElseThrow();
  }

  /// Whether it is a direction with itself.
  public boolean isDiagonal() {
    return first.equals(second);
  }

  Angle adjustedTo(double value) {
    return new Angle(
        first,
        second,
        cosine,
        interval,
        disjoint,
        nullCosine,
        pValue,
        Optional.of(value),
        auroc,
        dPrime);
  }
}
