package dev.demur.lab.direction;

import dev.demur.lab.stats.Summary;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How far target and contrast prompts lie apart along the direction of one place.
///
/// d′ is the difference of the two mean projections in units of their spread: the root of the mean
/// of both variances. Every other prompt gives the direction, the rest are projected on it; then
/// the other way round. So no prompt is measured along a direction it had a part in.
///
/// @param candidate the place
/// @param dPrime mean of both halves; 0 is no separation
public record Separation(Candidate candidate, double dPrime) {

  /// A variance needs two prompts in each half.
  private static final int LEAST = 4;

  /// The separation at one place; empty with fewer than 4 prompts of a kind, or where projections
  /// do not scatter.
  ///
  /// @param target activations of target prompts at the place, float64 `[prompt, d_model]`
  /// @param contrast activations of contrast prompts, float64 `[prompt, d_model]`
  public static Optional<Separation> of(Candidate candidate, Tensor target, Tensor contrast) {
    if (Math.min(target.dim(0), contrast.dim(0)) < LEAST) {
      return Optional.empty();
    }
    try (var _ = Scope.open()) {
      double mean = (half(target, contrast, 0) + half(target, contrast, 1)) / 2;
      return Double.isFinite(mean)
          ? Optional.of(new Separation(candidate, mean))
          : Optional.empty();
    }
  }

  /// @param held which of two prompts is projected, 0 or 1; the other gives the direction
  private static double half(Tensor target, Tensor contrast, int held) {
    var direction = some(target, 1 - held).mean(0).minus(some(contrast, 1 - held).mean(0));
    var one = projections(some(target, held), direction);
    var two = projections(some(contrast, held), direction);
    double spread = Math.sqrt((one.sd() * one.sd() + two.sd() * two.sd()) / 2);
    return (one.mean() - two.mean()) / spread;
  }

  private static Tensor some(Tensor rows, int first) {
    return rows.rows(
        Tensor.ofIndices(
            IntStream.range(0, Math.toIntExact(rows.dim(0))).filter(i -> i % 2 == first)));
  }

  private static Summary projections(Tensor rows, Tensor direction) {
    List<Double> values =
        Arrays.stream(rows.dotRows(direction).reshape(-1).toDoubles()).boxed().toList();
    return Summary.of(values);
  }
}
