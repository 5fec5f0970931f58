package dev.demur.lab.monitor;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Fits linear probes in float64.
final class LinearFit {

  /// Penalty on the squared weights of features of mean square 1: strong enough that separable
  /// classes have a unique, moderate answer.
  static final double PENALTY = 1e-2;

  private static final int STEPS = 2000;

  /// The largest component of the gradient at which a fit has ended.
  static final double GRADIENT = 1e-7;

  private static final int POWER_STEPS = 50;

  private LinearFit() {}

  /// Weights and bias of a fit.
  ///
  /// @param weight d_model numbers
  record Line(List<Double> weight, double bias) {}

  /// The difference of the classes' means; 0 lies midway between them.
  ///
  /// @param positive rows of one class, `[n, d]`
  /// @param negative rows of the other, `[m, d]`
  static Line meanDifference(Tensor positive, Tensor negative) {
    try (var _ = Scope.open()) {
      var up = positive.to(DType.F64).mean(0);
      var down = negative.to(DType.F64).mean(0);
      var weight = up.minus(down);
      double bias = -0.5 * weight.dotRows(up.plus(down)).item();
      return new Line(list(weight.toDoubles()), bias);
    }
  }

  /// Logistic regression: the minimum of mean ln(1 + e^(−y(x·w + b))) + λ/2 ‖w‖² over centred
  /// features of mean square 1, found by accelerated gradient descent (Nesterov 1983). Both classes
  /// weigh the same.
  static Line logistic(Tensor positive, Tensor negative) {
    try (var _ = Scope.open()) {
      long n = positive.dim(0);
      long m = negative.dim(0);
      var rows = Tensor.cat(List.of(positive.to(DType.F64), negative.to(DType.F64)), 0);
      var centre = rows.mean(0);
      var centred = rows.minus(centre);
      double scale = 1 / Math.sqrt(centred.square().mean(0).mean(0).item() + 1e-30);
      var ones = Tensor.zeros(DType.F64, n + m, 1).plus(1);
      var x = Tensor.cat(List.of(centred.times(scale), ones), 1);
      double[] signs = new double[Math.toIntExact(n + m)];
      double[] shares = new double[signs.length];
      for (int i = 0; i < signs.length; i++) {
        signs[i] = i < n ? 1 : -1;
        shares[i] = 0.5 / (i < n ? n : m);
      }
      double[] solution = descend(x, signs, shares);
      int d = solution.length - 1;
      var weight = new ArrayList<Double>();
      double bias = solution[d];
      double[] middle = centre.toDoubles();
      for (int i = 0; i < d; i++) {
        weight.add(solution[i] * scale);
        bias -= solution[i] * scale * middle[i];
      }
      return new Line(weight, bias);
    }
  }

  private static double[] descend(Tensor x, double[] signs, double[] shares) {
    int d = Math.toIntExact(x.dim(1));
    var transposed = x.transpose(0, 1).contiguous();
    double largest = 0;
    for (double share : shares) {
      largest = Math.max(largest, share);
    }
    double step = 1 / (0.25 * largest * largestEigenvalue(x, transposed) + PENALTY);
    double[] w = new double[d];
    double[] ahead = w.clone();
    double momentum = 1;
    for (int t = 0; t < STEPS; t++) {
      double[] gradient = gradient(x, transposed, signs, shares, ahead);
      double[] next = new double[d];
      double size = 0;
      for (int i = 0; i < d; i++) {
        next[i] = ahead[i] - step * gradient[i];
        size = Math.max(size, Math.abs(gradient[i]));
      }
      double grown = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      for (int i = 0; i < d; i++) {
        ahead[i] = next[i] + (momentum - 1) / grown * (next[i] - w[i]);
      }
      momentum = grown;
      w = next;
      if (size < GRADIENT) {
        break;
      }
    }
    return w;
  }

  /// The gradient of the objective; the bias, the last feature, is not penalised.
  private static double[] gradient(
      Tensor x, Tensor transposed, double[] signs, double[] shares, double[] w) {
    try (var _ = Scope.open()) {
      double[] scores = x.dotRows(Tensor.ofDoubles(w, w.length)).toDoubles();
      double[] pull = new double[scores.length];
      for (int i = 0; i < pull.length; i++) {
        pull[i] = -signs[i] * shares[i] / (1 + Math.exp(signs[i] * scores[i]));
      }
      double[] gradient = transposed.dotRows(Tensor.ofDoubles(pull, pull.length)).toDoubles();
      for (int i = 0; i < w.length - 1; i++) {
        gradient[i] += PENALTY * w[i];
      }
      return gradient;
    }
  }

  /// Of xᵀx, by power iteration; a little more, so that the step is safe.
  private static double largestEigenvalue(Tensor x, Tensor transposed) {
    try (var _ = Scope.open()) {
      var v = Tensor.zeros(DType.F64, x.dim(1)).plus(1 / Math.sqrt((double) x.dim(1)));
      double value = 0;
      for (int i = 0; i < POWER_STEPS; i++) {
        var next = transposed.dotRows(x.dotRows(v));
        value = next.norm();
        v = next.times(1 / (value + 1e-300));
      }
      return 1.1 * value;
    }
  }

  static List<Double> list(double[] values) {
    var list = new ArrayList<Double>();
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
