package dev.demur.lab.policy.fit;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Several directions of refusal: centres of clusters of harmful prompts, minus the mean of the
/// harmless ones.
///
/// Clusters are k-means from centres far apart, so that no draw decides: the first centre is the
/// row farthest from the mean, each next the row farthest from its nearest centre, the first of
/// equals. [SelfOrganisingMap] is what the published method has in their place.
public final class Clusters {

  /// Rounds after which centres have long stood still.
  private static final int ROUNDS = 100;

  private Clusters() {}

  /// Directions `[k, d_model]`, float64, not normalised.
  ///
  /// @param harmful `[prompt, d_model]`
  /// @param harmless `[prompt, d_model]`
  /// @param k how many, at most as many as harmful prompts
  public static Tensor directions(Tensor harmful, Tensor harmless, int k) {
    var centres = centres(harmful.to(DType.F64), k);
    return centres.minus(harmless.to(DType.F64).mean(0));
  }

  /// Centres of k clusters, `[k, d_model]`.
  ///
  /// @param rows float64
  static Tensor centres(Tensor rows, int k) {
    if (k < 1 || k > rows.dim(0)) {
      throw new IllegalArgumentException(
          "expected 1 to " + rows.dim(0) + " clusters, one a prompt, was " + k);
    }
    var centres = farApart(rows, k);
    int[] nearest = new int[0];
    for (int round = 0; round < ROUNDS; round++) {
      int[] now = nearest(rows, centres);
      if (Arrays.equals(now, nearest)) {
        break;
      }
      nearest = now;
      centres = means(rows, nearest, centres);
    }
    return centres;
  }

  /// k rows far apart, `[k, d_model]`.
  static Tensor farApart(Tensor rows, int k) {
    var chosen = new ArrayList<Tensor>();
    double[] far = distances(rows, rows.mean(0));
    for (int i = 0; i < k; i++) {
      var centre = rows.row(first(far));
      chosen.add(centre);
      double[] here = distances(rows, centre);
      for (int j = 0; j < far.length; j++) {
        far[j] = i == 0 ? here[j] : Math.min(far[j], here[j]);
      }
    }
    return Tensor.stack(chosen);
  }

  /// The place of the largest number, the first of equals.
  static int first(double[] largest) {
    int best = 0;
    for (int i = 1; i < largest.length; i++) {
      best = largest[i] > largest[best] ? i : best;
    }
    return best;
  }

  private static double[] distances(Tensor rows, Tensor from) {
    return rows.minus(from).square().sum(1).toDoubles();
  }

  private static int[] nearest(Tensor rows, Tensor centres) {
    List<double[]> distances =
        IntStream.range(0, Math.toIntExact(centres.dim(0)))
            .mapToObj(i -> distances(rows, centres.row(i)))
            .toList();
    return IntStream.range(0, Math.toIntExact(rows.dim(0)))
        .map(
            row -> {
              int best = 0;
              for (int i = 1; i < distances.size(); i++) {
                best = distances.get(i)[row] < distances.get(best)[row] ? i : best;
              }
              return best;
            })
        .toArray();
  }

  /// Means of the clusters; a centre nobody is nearest to stays.
  private static Tensor means(Tensor rows, int[] nearest, Tensor before) {
    var means = new ArrayList<Tensor>();
    for (int i = 0; i < before.dim(0); i++) {
      int cluster = i;
      var own = IntStream.range(0, nearest.length).filter(row -> nearest[row] == cluster).toArray();
      means.add(
          own.length == 0
              ? before.row(i)
              : rows.select(0, Tensor.ofIndices(Arrays.stream(own))).mean(0));
    }
    return Tensor.stack(means);
  }

  /// An orthonormal basis of some directions, float32 `[k, d_model]`, by Gram and Schmidt in their
  /// order; what adds nothing new is left out.
  ///
  /// @param directions float64 `[n, d_model]`
  /// @throws IllegalArgumentException if all are 0
  public static Tensor basis(Tensor directions) {
    var basis = new ArrayList<Tensor>();
    for (int i = 0; i < directions.dim(0); i++) {
      var rest = directions.row(i);
      double length = rest.norm();
      for (int pass = 0; pass < 2; pass++) { // twice, for rounding
        for (var one : basis) {
          rest = rest.minus(one.times(rest.dotRows(one).item()));
        }
      }
      if (rest.norm() > 1e-6 * length) {
        basis.add(rest.times(1 / rest.norm()));
      }
    }
    if (basis.isEmpty()) {
      throw new IllegalArgumentException("the clusters lie where the harmless prompts do");
    }
    return Tensor.stack(basis).to(DType.F32);
  }
}
