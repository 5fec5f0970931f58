package dev.demur.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What a block does to one row between its matrices. Sums are float32, of as many lanes as the
/// processor has.
public final class RowMath {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /// √(2/π) and 0.044715 (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  private static final float GELU_SCALE = 0.7978846f;

  private static final float GELU_CUBE = 0.044715f;

  private RowMath() {}

  /// A non-linearity there is a kernel for.
  public enum Curve {
    SILU,
    GELU_TANH,
    RELU
  }

  /// `x / sqrt(mean(x²) + eps) ⊙ weight` of each run of as many values as there are weights.
  public static float[] rms(float[] x, float[] weight, double eps) {
    int run = weight.length;
    float[] out = new float[x.length];
    for (int from = 0; from < x.length; from += run) {
      float scale = (float) (1 / Math.sqrt(dot(x, from, x, from, run) / run + eps));
      for (int i = 0; i < run; i++) {
        out[from + i] = x[from + i] * scale * weight[i];
      }
    }
    return out;
  }

  /// `(x − mean) / sqrt(var + eps) ⊙ weight` of each run of as many values as there are weights.
  public static float[] layer(float[] x, float[] weight, double eps) {
    int run = weight.length;
    float[] out = new float[x.length];
    for (int from = 0; from < x.length; from += run) {
      float mean = BlockSums.sum(x, from, run) / run;
      for (int i = from; i < from + run; i++) {
        out[i] = x[i] - mean;
      }
      float scale = (float) (1 / Math.sqrt(dot(out, from, out, from, run) / run + eps));
      for (int i = 0; i < run; i++) {
        out[from + i] *= scale * weight[i];
      }
    }
    return out;
  }

  /// Adds y to x.
  public static void add(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  /// Adds y to each of the rows that x consists of.
  public static void addToEach(float[] x, float[] y) {
    for (int from = 0; from < x.length; from += y.length) {
      for (int i = 0; i < y.length; i++) {
        x[from + i] += y[i];
      }
    }
  }

  /// Multiplies x with y.
  public static void multiply(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= y[i];
    }
  }

  /// Multiplies x with the sigmoid of y.
  public static void gate(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] /= (float) (1 + Math.exp(-y[i]));
    }
  }

  /// x times a factor.
  public static void scale(float[] x, float factor) {
    scale(x, 0, x.length, factor);
  }

  /// A run of x times a factor.
  public static void scale(float[] x, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      x[i] *= factor;
    }
  }

  /// The curve of x.
  public static void curve(Curve curve, float[] x) {
    curve(curve, x, 0, x.length);
  }

  /// Turns the pairs `(i, i + half)` of each head by the angles given.
  ///
  /// @param x has heads `[head, d_head]`, changed
  /// @param from where they begin
  /// @param to where they end
  /// @param cos `[half]`
  /// @param sin `[half]`
  public static void rotate(float[] x, int from, int to, int dHead, float[] cos, float[] sin) {
    rotate(x, from, to, dHead, cos, sin, 1, cos.length);
  }

  /// The same for pairs of neighbours.
  public static void rotateNeighbours(
      float[] x, int from, int to, int dHead, float[] cos, float[] sin) {
    rotate(x, from, to, dHead, cos, sin, 2, 1);
  }

  /// @param step from a pair's first element to the next pair's
  /// @param apart from a pair's first element to its second
  private static void rotate(
      float[] x, int from, int to, int dHead, float[] cos, float[] sin, int step, int apart) {
    for (int head = from; head < to; head += dHead) {
      for (int i = 0; i < cos.length; i++) {
        int at = head + i * step;
        float first = x[at];
        float second = x[at + apart];
        x[at] = first * cos[i] - second * sin[i];
        x[at + apart] = second * cos[i] + first * sin[i];
      }
    }
  }

  /// `curve(gate) ⊙ up` of some values, into `gate`.
  static void gate(Curve curve, float[] gate, float[] up, int from, int to) {
    curve(curve, gate, from, to);
    for (int i = from; i < to; i++) {
      gate[i] *= up[i];
    }
  }

  private static void curve(Curve curve, float[] x, int from, int to) {
    switch (curve) {
      case SILU -> silu(x, from, to);
      case GELU_TANH -> geluTanh(x, from, to);
      case RELU -> relu(x, from, to);
    }
  }

  private static void silu(float[] x, int from, int to) {
    for (int i = from; i < to; i += FLOATS.length()) {
      var mask = FLOATS.indexInRange(i, to);
      var v = FloatVector.fromArray(FLOATS, x, i, mask);
      v.div(Exponential.of(v.neg()).add(1)).intoArray(x, i, mask);
    }
  }

  private static void geluTanh(float[] x, int from, int to) {
    for (int i = from; i < to; i += FLOATS.length()) {
      var mask = FLOATS.indexInRange(i, to);
      var v = FloatVector.fromArray(FLOATS, x, i, mask);
      var inner = v.mul(v).mul(v).mul(GELU_CUBE).add(v).mul(GELU_SCALE);
      // ½ (1 + tanh u) is the sigmoid of 2 u.
      v.div(Exponential.of(inner.mul(-2)).add(1)).intoArray(x, i, mask);
    }
  }

  private static void relu(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Math.max(x[i], 0);
    }
  }

  /// `exp(x − shift)` of each value.
  ///
  /// @return their sum
  static double exponentials(float[] x, float shift) {
    var sum = FloatVector.zero(FLOATS);
    int whole = FLOATS.loopBound(x.length);
    for (int i = 0; i < whole; i += FLOATS.length()) {
      var v = Exponential.of(FloatVector.fromArray(FLOATS, x, i).sub(shift));
      v.intoArray(x, i);
      sum = sum.add(v);
    }
    double total = AcrossLanes.sum(sum);
    for (int i = whole; i < x.length; i++) {
      x[i] = (float) Math.exp(x[i] - shift);
      total += x[i];
    }
    return total;
  }

  /// The largest of a run of values; of none, negative infinity.
  static float largest(float[] x, int from, int to) {
    var most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int whole = from + FLOATS.loopBound(to - from);
    for (int i = from; i < whole; i += FLOATS.length()) {
      most = most.max(FloatVector.fromArray(FLOATS, x, i));
    }
    float largest = AcrossLanes.largest(most);
    for (int i = whole; i < to; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  /// Where the largest of a run of values is, counted from its start; the first of equals.
  public static int indexOfLargest(float[] x, int from, int to) {
    float largest = largest(x, from, to);
    int at = from;
    while (at < to - 1 && x[at] != largest) {
      at++;
    }
    return at - from;
  }

  /// Adds to a run of x what it has along a unit vector, times a factor: `x + c (x·u) u`.
  public static void addAlong(float[] x, int from, float[] unit, float factor) {
    float along = factor * dot(x, from, unit, 0, unit.length);
    for (int i = 0; i < unit.length; i++) {
      x[from + i] += along * unit[i];
    }
  }

  /// Inner product of two runs.
  static float dot(float[] a, int aFrom, float[] b, int bFrom, int count) {
    int lanes = FLOATS.length();
    int whole = FLOATS.loopBound(count);
    var sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < whole; i += lanes) {
      sum =
          FloatVector.fromArray(FLOATS, a, aFrom + i)
              .fma(FloatVector.fromArray(FLOATS, b, bFrom + i), sum);
    }
    float total = AcrossLanes.sum(sum);
    for (int i = whole; i < count; i++) {
      total = Math.fma(a[aFrom + i], b[bFrom + i], total);
    }
    return total;
  }
}
