package dev.demur.lab.policy;

/// What is done to one row x of the stream. Operators name their ingredients.
public sealed interface Operator {

  /// The ingredient's name.
  String name();

  /// Multiplies the component in a subspace: x + (s−1) V Vᵀ x. 0 is directional ablation, 1 leaves
  /// everything as it is, −1 reflects.
  ///
  /// @param name a direction or a subspace
  /// @param factor s
  record Scale(String name, double factor) implements Operator {
    public Scale {
      requireFinite("factor", factor);
      factor += 0.0; // -0 becomes 0, so that there is one ablation
    }
  }

  /// Adds the raw direction: x + c r.
  ///
  /// @param name a direction
  /// @param coefficient c
  record Add(String name, double coefficient) implements Operator {
    public Add {
      requireFinite("coefficient", coefficient);
    }
  }

  /// Moves the component to that of the contrast prompts' mean and a multiple of the raw direction
  /// further: x − proj(x) + proj(μ0) + a r.
  ///
  /// Source: Marshall et al. 2024 (arXiv 2411.09003), affine concept editing; a = 0 behaves as on
  /// contrast prompts, a = 1 as on target prompts.
  ///
  /// @param name a direction with a centre
  /// @param coefficient a
  record Affine(String name, double coefficient) implements Operator {
    public Affine {
      requireFinite("coefficient", coefficient);
    }
  }

  /// Sets the component: x − (x·r̂) r̂ + t r̂.
  ///
  /// @param name a direction
  /// @param target t, in stream units
  record Clamp(String name, double target) implements Operator {
    public Clamp {
      requireFinite("target", target);
    }
  }

  /// Adds a linear map of a row: x + g (y S).
  ///
  /// @param name a map
  /// @param factor g
  /// @param from which row y is
  record Map(String name, double factor, From from) implements Operator {
    public Map {
      requireFinite("factor", factor);
    }
  }

  /// Does something and gives the row its old length back.
  ///
  /// @param inner what is done
  record KeepNorm(Operator inner) implements Operator {
    public KeepNorm {
      if (inner instanceof KeepNorm) {
        throw new IllegalArgumentException("a row's length is kept once; leave one of them out");
      }
    }

    @Override
    public String name() {
      return inner.name();
    }
  }

  /// The row a map reads.
  enum From {
    /// The row that is edited.
    ROW,
    /// The prompt's last token, at the same place. Rows before it can be edited only where the
    /// prompt is read in one piece.
    LAST_PROMPT
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(what + " must be finite, was " + value);
    }
  }
}
