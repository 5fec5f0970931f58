package dev.demur.lab.policy;

/// When a rule holds. A gate is read once per prompt, at the place and token of its ingredient
/// while the prompt is read, and what it says holds for the whole answer.
public sealed interface Gate {

  /// The rule holds for every prompt.
  record Always() implements Gate {}

  /// A score lies above a threshold: x·w + b of a probe, or x·r̂ of a direction.
  ///
  /// @param name a probe or a direction
  /// @param threshold in the score's units
  record Above(String name, double threshold) implements Gate {
    public Above {
      requireFinite(threshold);
    }
  }

  /// The cosine of the angle between the stream and a subspace, ‖V Vᵀ x‖ / ‖x‖, lies above a
  /// threshold. It does not tell a direction from its opposite.
  ///
  /// @param name a direction or a subspace
  /// @param threshold 0 to 1
  record Cosine(String name, double threshold) implements Gate {
    public Cosine {
      requireFinite(threshold);
    }
  }

  /// Another gate is false.
  record Not(Gate gate) implements Gate {
    public Not {
      if (gate instanceof Always) {
        throw new IllegalArgumentException("a rule that never holds does nothing; leave it out");
      }
    }
  }

  private static void requireFinite(double threshold) {
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException("threshold must be finite, was " + threshold);
    }
  }
}
