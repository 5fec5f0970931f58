package dev.demur.lab.map.geometry;

import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// All directions as points of a plane, as far from each other as their angles say, and how far
/// from true that is.
///
/// Classical scaling of the chords between unit vectors, √(2 − 2 cos).
///
/// @param points one for each direction, in their order
/// @param stress Kruskal's stress 1: the root of the squared errors of all distances over the
///   squared distances; 0 is exact, above .2 the plane misleads
public record Layout(List<Point> points, double stress) {

  public Layout {
    points = List.copyOf(points);
  }

  /// One direction.
  public record Point(String direction, double x, double y) {}

  /// The plane of some directions.
  ///
  /// @param names of the directions
  /// @param cosines row by row
  public static Layout of(List<String> names, List<Double> cosines) {
    int n = names.size();
    var distances = cosines.stream().map(c -> Math.sqrt(Math.max(0, 2 - 2 * c))).toList();
    double[] x = new double[n];
    double[] y = new double[n];
    if (n > 1) {
      try (var _ = Scope.open()) {
        var eigen = Eigen.ofSymmetric(centred(distances, n));
        x = axis(eigen, n - 1);
        y = axis(eigen, n - 2);
      }
    }
    var points = new ArrayList<Point>();
    for (int i = 0; i < n; i++) {
      points.add(new Point(names.get(i), x[i], y[i]));
    }
    return new Layout(points, stress(points, distances));
  }

  private static Tensor centred(List<Double> distances, int n) {
    var squares = new double[n * n];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = -distances.get(i) * distances.get(i) / 2;
    }
    var tensor = Tensor.ofDoubles(squares, n, n);
    var byColumn = tensor.minus(tensor.mean(0));
    return byColumn.minus(byColumn.mean(1).reshape(n, 1));
  }

  private static double[] axis(Eigen eigen, int index) {
    double value = eigen.values().toDoubles()[index];
    return eigen.vectors().row(index).times(Math.sqrt(Math.max(0, value))).toDoubles();
  }

  private static double stress(List<Point> points, List<Double> distances) {
    double errors = 0;
    double all = 0;
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < i; j++) {
        double distance = distances.get(i * points.size() + j);
        var one = points.get(i);
        var two = points.get(j);
        double drawn = Math.hypot(one.x() - two.x(), one.y() - two.y());
        errors += (distance - drawn) * (distance - drawn);
        all += distance * distance;
      }
    }
    return all == 0 ? 0 : Math.sqrt(errors / all);
  }
}
