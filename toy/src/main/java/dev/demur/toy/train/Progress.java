package dev.demur.toy.train;

/// Learns how training goes.
@FunctionalInterface
public interface Progress {

  /// Called after every step.
  void step(Step step);

  /// Says nothing.
  static Progress silent() {
    return _ -> {};
  }

  /// One step that was taken.
  ///
  /// @param phase name of the phase
  /// @param done steps of the phase taken so far
  /// @param of steps the phase has
  /// @param loss mean cross-entropy of the step's answers, in nats per token
  record Step(String phase, int done, int of, double loss) {}
}
