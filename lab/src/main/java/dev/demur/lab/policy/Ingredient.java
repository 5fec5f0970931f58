package dev.demur.lab.policy;

import static java.util.Objects.requireNonNull;

import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;

/// What a name in a policy stands for. Ingredients with the same numbers are equal.
public sealed interface Ingredient {

  /// Where it was read.
  HookPoint source();

  /// Width of the stream it belongs to.
  int dModel();

  /// What it is, for people: `a direction`, `a probe`, …
  String kind();

  /// A direction.
  record Line(Direction direction) implements Ingredient {
    @Override
    public HookPoint source() {
      return direction.source();
    }

    @Override
    public int dModel() {
      return direction.dModel();
    }

    @Override
    public String kind() {
      return "a direction";
    }

    @Override
    public String toString() {
      return "the " + direction;
    }
  }

  /// A direction and the mean of the contrast prompts where it was read: what an affine edit needs.
  ///
  /// @param centre μ0, `[d_model]`
  record Centred(Direction direction, Numbers centre) implements Ingredient {

    /// @throws IllegalArgumentException if the two differ in width
    public Centred {
      requireShape(centre, "centre", direction.dModel());
    }

    @Override
    public HookPoint source() {
      return direction.source();
    }

    @Override
    public int dModel() {
      return direction.dModel();
    }

    @Override
    public String kind() {
      return "a direction with a centre";
    }

    @Override
    public String toString() {
      return "the " + direction + ", with its centre";
    }
  }

  /// Several directions at right angles to each other.
  ///
  /// @param basis V, `[k, d_model]`, its rows of length 1 and orthogonal to each other
  /// @param position token position it was read at, from the end
  record Subspace(Numbers basis, HookPoint source, int position) implements Ingredient {

    /// What float32 leaves of lengths and right angles.
    private static final double TOLERANCE = 1e-4;

    /// @throws IllegalArgumentException if the rows are not orthonormal
    public Subspace {
      requireNonNull(source, "source");
      requirePosition(position);
      var rows = basis.tensor();
      if (rows.rank() != 2 || rows.dim(0) < 1 || rows.dim(0) > rows.dim(1)) {
        throw new IllegalArgumentException("basis must be [k, d_model], was " + rows);
      }
      int k = Math.toIntExact(rows.dim(0));
      double[] gram = rows.matmul(rows.transpose(0, 1)).toDoubles();
      for (int i = 0; i < gram.length; i++) {
        double expected = i % (k + 1) == 0 ? 1 : 0;
        if (!(Math.abs(gram[i] - expected) <= TOLERANCE)) {
          throw new IllegalArgumentException(
              "basis must be orthonormal; product of rows "
                  + i / k
                  + " and "
                  + i % k
                  + " is "
                  + gram[i]);
        }
      }
    }

    @Override
    public int dModel() {
      return Math.toIntExact(basis.tensor().dim(1));
    }

    @Override
    public String kind() {
      return "a subspace";
    }

    @Override
    public String toString() {
      return "the subspace of " + source + " at " + position + ", " + basis;
    }
  }

  /// A linear map of the stream.
  ///
  /// @param matrix S, `[d_model, d_model]`; a row x becomes x S
  /// @param source where it was fitted
  record LinearMap(Numbers matrix, HookPoint source) implements Ingredient {

    /// @throws IllegalArgumentException if the matrix is not square
    public LinearMap {
      requireNonNull(source, "source");
      var m = matrix.tensor();
      if (m.rank() != 2 || m.dim(0) != m.dim(1)) {
        throw new IllegalArgumentException("matrix must be [d_model, d_model], was " + m);
      }
    }

    @Override
    public int dModel() {
      return Math.toIntExact(matrix.tensor().dim(0));
    }

    @Override
    public String kind() {
      return "a map";
    }

    @Override
    public String toString() {
      return "the map of " + source + ", " + matrix;
    }
  }

  /// A linear score of the stream, x·w + b.
  ///
  /// @param weight w, `[d_model]`
  /// @param bias b
  /// @param position token position it reads, from the end of the prompt
  record Detector(Numbers weight, double bias, HookPoint source, int position)
      implements Ingredient {

    /// @throws IllegalArgumentException if the weight is no vector or a number is not finite
    public Detector {
      requireNonNull(source, "source");
      requirePosition(position);
      requireShape(weight, "weight", weight.tensor().dim(0));
      if (!Double.isFinite(bias)) {
        throw new IllegalArgumentException("bias must be finite, was " + bias);
      }
    }

    @Override
    public int dModel() {
      return Math.toIntExact(weight.tensor().dim(0));
    }

    @Override
    public String kind() {
      return "a probe";
    }

    @Override
    public String toString() {
      return "the probe of " + source + " at " + position + ", " + weight;
    }
  }

  /// The sites of the stream and what is added to it: those a policy can read and edit, in the
  /// order of a pass.
  static boolean isOfTheStream(Site site) {
    return switch (site) {
      case RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST -> true;
      case Q, K, V, Z, ATTN_SCORES, PATTERN, PATTERN_LAST, MLP_POST, LN_FINAL -> false;
    };
  }

  private static void requirePosition(int position) {
    if (position >= 0) {
      throw new IllegalArgumentException("position counts from the end (< 0), was " + position);
    }
  }

  private static void requireShape(Numbers numbers, String name, long width) {
    Tensor tensor = numbers.tensor();
    if (tensor.rank() != 1 || tensor.dim(0) != width) {
      throw new IllegalArgumentException(name + " must be [" + width + "], was " + tensor);
    }
  }
}
