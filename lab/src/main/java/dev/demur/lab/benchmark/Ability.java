package dev.demur.lab.benchmark;

/// What a model can, by its answers: the maximum of a logistic likelihood in a few dimensions.
///
/// The likelihood has one maximum, which Newton's steps reach. Where every answer is right the
/// maximum is at infinity; the steps end where the slope has become flat, as the original's do.
final class Ability {

  /// The slope at which SciPy's BFGS ends.
  private static final double FLAT = 1e-5;

  private static final int MOST_STEPS = 100;

  /// Holds a step back where the answers say nothing along a dimension.
  private static final double DAMPING = 1e-9;

  private Ability() {}

  /// θ that makes the answers likeliest.
  ///
  /// @param slopes `[question][dimension]`
  /// @param intercepts the logit of each question at θ = 0
  /// @param answers 0 to 1
  static double[] likeliest(double[][] slopes, double[] intercepts, double[] answers) {
    double[] ability = new double[slopes[0].length];
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] gradient = new double[ability.length];
      double[][] curvature = new double[ability.length][ability.length];
      derive(slopes, intercepts, answers, ability, gradient, curvature);
      if (largest(gradient) < FLAT) {
        return ability;
      }
      double[] move = solve(curvature, gradient);
      ability = nearest(slopes, intercepts, answers, ability, move);
    }
    return ability;
  }

  /// 1 / (1 + e^−z).
  static double probability(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  private static void derive(
      double[][] slopes,
      double[] intercepts,
      double[] answers,
      double[] ability,
      double[] gradient,
      double[][] curvature) {
    for (int i = 0; i < slopes.length; i++) {
      double p = probability(intercepts[i] + dot(slopes[i], ability));
      for (int d = 0; d < ability.length; d++) {
        gradient[d] += (answers[i] - p) * slopes[i][d];
        for (int e = 0; e < ability.length; e++) {
          curvature[d][e] += p * (1 - p) * slopes[i][d] * slopes[i][e];
        }
      }
    }
    for (int d = 0; d < ability.length; d++) {
      curvature[d][d] += DAMPING;
    }
  }

  /// The first of the whole, the half, the quarter … step that makes the answers likelier.
  private static double[] nearest(
      double[][] slopes, double[] intercepts, double[] answers, double[] from, double[] move) {
    double before = logLikelihood(slopes, intercepts, answers, from);
    double[] to = from;
    for (double share = 1; share > FLAT; share /= 2) {
      to = from.clone();
      for (int d = 0; d < to.length; d++) {
        to[d] += share * move[d];
      }
      if (logLikelihood(slopes, intercepts, answers, to) > before) {
        return to;
      }
    }
    return to;
  }

  private static double logLikelihood(
      double[][] slopes, double[] intercepts, double[] answers, double[] ability) {
    double sum = 0;
    for (int i = 0; i < slopes.length; i++) {
      double z = intercepts[i] + dot(slopes[i], ability);
      sum += answers[i] * z - (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
    }
    return sum;
  }

  /// Gaussian elimination of a positive definite system.
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    double[] x = right.clone();
    for (int k = 0; k < n; k++) {
      for (int i = k + 1; i < n; i++) {
        double factor = matrix[i][k] / matrix[k][k];
        for (int j = k; j < n; j++) {
          matrix[i][j] -= factor * matrix[k][j];
        }
        x[i] -= factor * x[k];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int j = i + 1; j < n; j++) {
        x[i] -= matrix[i][j] * x[j];
      }
      x[i] /= matrix[i][i];
    }
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] numbers) {
    double most = 0;
    for (double number : numbers) {
      most = Math.max(most, Math.abs(number));
    }
    return most;
  }
}
