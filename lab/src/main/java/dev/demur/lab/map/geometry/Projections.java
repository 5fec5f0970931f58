package dev.demur.lab.map.geometry;

import dev.demur.lab.direction.Separation;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Summary;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Prompts along a direction.
public final class Projections {

  /// A spread needs two.
  private static final int LEAST = 2;

  private Projections() {}

  /// @param rows float64 `[prompt, d_model]`
  /// @param unit float64 `[d_model]`
  static List<Double> of(Tensor rows, Tensor unit) {
    return Arrays.stream(rows.dotRows(unit).reshape(-1).toDoubles()).boxed().toList();
  }

  /// How far the sides of a pair lie apart at the place of its direction.
  public static Apart apart(Placed one, Reads reads) {
    var unit = one.direction().unit().to(DType.F64);
    var side = one.side();
    return new Apart(
        one.name(),
        one.place(),
        one.direction().norm(),
        Separation.of(one.place(), one.target(), one.contrast()).map(Separation::dPrime),
        Auroc.of(
            of(reads.at(one.place(), side.test()), unit),
            of(reads.at(one.place(), side.testContrast()), unit)));
  }

  /// The difference of both means in units of their spread, the root of the mean of both variances;
  /// empty where there are too few or they do not scatter.
  static Optional<Double> dPrime(List<Double> target, List<Double> contrast) {
    if (Math.min(target.size(), contrast.size()) < LEAST) {
      return Optional.empty();
    }
    var one = Summary.of(target);
    var two = Summary.of(contrast);
    double spread = Math.sqrt((one.sd() * one.sd() + two.sd() * two.sd()) / 2);
    return spread > 0 ? Optional.of((one.mean() - two.mean()) / spread) : Optional.empty();
  }
}
