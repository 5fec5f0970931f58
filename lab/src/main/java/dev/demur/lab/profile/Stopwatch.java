package dev.demur.lab.profile;

import dev.demur.model.tensor.Scope;

/// Seconds that work takes.
final class Stopwatch {

  static final double NANOS = 1e9;

  private Stopwatch() {}

  /// Does something several times and frees what each time made.
  static double seconds(int times, Runnable work) {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      try (var _ = Scope.open()) {
        work.run();
      }
    }
    return (System.nanoTime() - start) / NANOS;
  }
}
