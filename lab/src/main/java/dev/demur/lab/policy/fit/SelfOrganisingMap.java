package dev.demur.lab.policy.fit;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;

/// Clusters of harmful prompts as the units of a self-organising map: units that are neighbours in
/// a grid are drawn to the same prompts.
///
/// Each prompt in turn moves the unit nearest to it, and the units around that one, towards itself:
/// u ← u + a(t) exp(−g² / 2 σ(t)²) (x − u), g their distance in the grid. a and σ fall as 1 / (1 +
/// 2 t / T). Units begin at prompts far apart, as in [Clusters], so that no draw decides.
///
/// Source: the readme of a method that ablates several directions found so (4 × 4 units, σ 0.33,
/// rate 0.01); how it begins, how long it runs and how it decays are ours.
///
/// @param side units along one side of the grid
/// @param sigma σ at the beginning, in grid steps
/// @param rate a at the beginning
/// @param rounds how often each prompt is looked at
public record SelfOrganisingMap(int side, double sigma, double rate, int rounds) {

  public SelfOrganisingMap {
    if (side < 1 || rounds < 1) {
      throw new IllegalArgumentException("side and rounds must be >= 1");
    }
    if (!(sigma > 0) || !(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("sigma must be > 0, rate above 0 and at most 1");
    }
  }

  /// 4 × 4 units, σ 0.33, rate 0.01, 100 rounds.
  public static SelfOrganisingMap published() {
    return new SelfOrganisingMap(4, 0.33, 0.01, 100);
  }

  /// Directions `[units, d_model]`, float64, not normalised: units minus the mean of the harmless
  /// prompts.
  ///
  /// @param harmful `[prompt, d_model]`, at least as many prompts as units
  /// @param harmless `[prompt, d_model]`
  public Tensor directions(Tensor harmful, Tensor harmless) {
    return units(harmful.to(DType.F64)).minus(harmless.to(DType.F64).mean(0));
  }

  /// Step by step on plain numbers: a step is too small to be worth a tensor.
  private Tensor units(Tensor rows) {
    var start = Clusters.farApart(rows, requireUnits(rows));
    int width = Math.toIntExact(rows.dim(1));
    double[] all = rows.toDoubles();
    double[] units = start.toDoubles();
    int prompts = Math.toIntExact(rows.dim(0));
    long steps = (long) rounds * prompts;
    for (long t = 0; t < steps; t++) {
      double decay = 1 / (1 + 2.0 * t / steps);
      int row = Math.toIntExact(t % prompts) * width;
      int nearest = nearest(units, all, row, width);
      for (int unit = 0; unit < side * side; unit++) {
        double weight = weight(unit, nearest, decay);
        for (int i = 0; i < width; i++) {
          int at = unit * width + i;
          units[at] += weight * (all[row + i] - units[at]);
        }
      }
    }
    return Tensor.ofDoubles(units, (long) side * side, width);
  }

  /// The unit nearest to a prompt, the first of equals.
  private int nearest(double[] units, double[] rows, int row, int width) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int unit = 0; unit < side * side; unit++) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        double apart = rows[row + i] - units[unit * width + i];
        sum += apart * apart;
      }
      if (sum < least) {
        least = sum;
        nearest = unit;
      }
    }
    return nearest;
  }

  private int requireUnits(Tensor rows) {
    int units = side * side;
    if (rows.dim(0) < units) {
      throw new IllegalArgumentException(
          "a map of "
              + units
              + " units needs at least as many harmful prompts to fit on, got "
              + rows.dim(0));
    }
    return units;
  }

  /// How far a unit moves towards a prompt whose nearest unit is another.
  private double weight(int unit, int nearest, double decay) {
    double rows = unit / side - nearest / side;
    double columns = unit % side - nearest % side;
    double spread = 2 * Math.pow(sigma * decay, 2);
    return rate * decay * Math.exp(-(rows * rows + columns * columns) / spread);
  }
}
