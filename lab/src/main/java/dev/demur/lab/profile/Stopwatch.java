package dev.demur.lab.profile;

import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;

/// Seconds that work takes.
final class Stopwatch {

  static final double NANOS = 1e9;

  private Stopwatch() {}

  /// Does something several times on a device, frees what each time made, and waits for the last.
  static double seconds(Device device, int times, Runnable work) {
    Torch.finish(device);
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      try (var _ = Scope.open()) {
        work.run();
      }
    }
    Torch.finish(device);
    return (System.nanoTime() - start) / NANOS;
  }
}
