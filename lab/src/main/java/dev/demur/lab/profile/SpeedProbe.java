package dev.demur.lab.profile;

import dev.demur.model.ChatModel;
import dev.demur.model.arch.Linear;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.Optional;
import java.util.Random;

/// How fast this computer multiplies matrices of a model's size and type, measured for a moment.
///
/// @param reading multiply-adds a second, times two, when many tokens pass at once
/// @param writing the same when a batch writes one token each
public record SpeedProbe(double reading, double writing) {

  /// Rows of a pass that reads prompts.
  private static final int READ_ROWS = 512;

  /// Sequences a study writes at once, some of a set having ended.
  private static final int WRITE_ROWS = 64;

  /// The largest matrix tried; larger ones are no faster.
  private static final int MAX_WIDTH = 4096;

  private static final long ENOUGH_NANOS = 200_000_000L;
  private static final int LEAST_ROUNDS = 3;
  private static final long SEED = 1;

  /// Measures, in about half a second.
  static SpeedProbe of(ChatModel model) {
    int in = Math.min(MAX_WIDTH, model.config().dModel());
    int out = Math.min(MAX_WIDTH, model.config().dMlp());
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var random = new Random(SEED);
      var device = model.transformer().holding().placement().first();
      var weight = Tensor.gaussian(random, out, in).to(model.transformer().dtype()).on(device);
      var matrix = new Linear(weight, Optional.empty());
      return new SpeedProbe(
          rate(matrix, Tensor.gaussian(random, READ_ROWS, in).on(device)),
          rate(matrix, Tensor.gaussian(random, WRITE_ROWS, in).on(device)));
    }
  }

  /// Floating-point operations a second of a matrix product, in a fifth of a second.
  static double rate(Linear matrix, Tensor x) {
    product(matrix, x); // the first one chooses its kernel
    long start = System.nanoTime();
    int rounds = 0;
    while (rounds < LEAST_ROUNDS || System.nanoTime() - start < ENOUGH_NANOS) {
      product(matrix, x);
      rounds++;
    }
    Torch.finish(matrix.matrix().device());
    double seconds = (System.nanoTime() - start) / 1e9;
    return 2.0 * matrix.weight().elements() * x.dim(0) * rounds / seconds;
  }

  private static void product(Linear matrix, Tensor x) {
    try (var _ = Scope.open()) {
      matrix.apply(x);
    }
  }
}
