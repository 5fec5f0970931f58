package dev.demur.lab.profile;

import dev.demur.model.arch.DevicePolicy;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Measures a device's ceilings, again and again, between a model's turns. Its matrices belong to
/// the scope it is made in.
final class CeilingProbe {

  /// Products of the size of a 1.5B model's, with as many rows as a batch has.
  private static final int IN = 2048;

  private static final int OUT = 8192;

  /// Rows of the first try. Processors without bfloat16 units take seconds for a batch of them.
  private static final int FEW_ROWS = 32;

  /// How many times as many the next try has. Few rows are multiplied at a lower rate than many.
  private static final int GROWTH = 4;

  /// Seconds of products a turn.
  private static final double SECONDS = 0.4;

  /// Most products a turn.
  private static final int MOST_PRODUCTS = 12;

  /// 512 MB, far more than any cache holds.
  private static final int READ_ELEMENTS = 1 << 27;

  private static final int READS = 2;

  /// Turns of a measurement on its own.
  private static final int TURNS = 3;

  private final Device device;
  private final int rows;
  private final Tensor x;
  private final Tensor weight;
  private final Tensor narrowX;
  private final Tensor narrowWeight;
  private final Tensor memory;

  CeilingProbe(Device device) {
    this.device = device;
    this.rows = DevicePolicy.of(device).batchTokens();
    try (var scope = Scope.open()) {
      // Rows may repeat: a product takes the same time whatever the numbers are.
      var row = Tensor.gaussian(new SplittableRandom(1), 1, IN).on(device);
      x = scope.keep(row.expand(rows, IN).contiguous());
      weight = scope.keep(row.expand(OUT, IN).contiguous());
      narrowX = scope.keep(x.to(DType.BF16));
      narrowWeight = scope.keep(weight.to(DType.BF16));
      memory =
          scope.keep(Tensor.zeros(device, DType.F32, 1).plus(1).expand(READ_ELEMENTS).contiguous());
    }
  }

  /// Measures for some seconds: the medians of several turns after a first one.
  static Ceilings measured(Device device) {
    try (var _ = Scope.open()) {
      var probe = new CeilingProbe(device);
      probe.measure();
      return medians(Stream.generate(probe::measure).limit(TURNS).toList());
    }
  }

  /// The median of each.
  static Ceilings medians(List<Ceilings> turns) {
    return new Ceilings(
        median(turns.stream().map(Ceilings::bf16Gemm).toList()),
        median(turns.stream().map(Ceilings::f32Gemm).toList()),
        median(turns.stream().map(Ceilings::dramRead).toList()));
  }

  /// The middle value, the upper one of two.
  static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /// One turn.
  Ceilings measure() {
    return new Ceilings(
        products(narrowX, narrowWeight),
        products(x, weight),
        (double) READ_ELEMENTS
            * Float.BYTES
            * READS
            / Stopwatch.seconds(device, READS, memory::sum));
  }

  /// Operations a second, of as many products as fit into a turn. They have as many rows as a
  /// batch, or as many as a turn has time for.
  private double products(Tensor x, Tensor weight) {
    int taken = Math.min(FEW_ROWS, rows);
    double seconds = seconds(1, x, taken, weight);
    while (taken < rows && seconds < SECONDS / GROWTH) {
      taken = Math.min(GROWTH * taken, rows);
      seconds = seconds(1, x, taken, weight);
    }
    int count = (int) Math.clamp(SECONDS / seconds, 1, MOST_PRODUCTS);
    return flop(taken) * count / seconds(count, x, taken, weight);
  }

  private double seconds(int count, Tensor x, int taken, Tensor weight) {
    var some = x.narrow(0, 0, taken);
    return Stopwatch.seconds(device, count, () -> product(some, weight));
  }

  private static double flop(int rows) {
    return 2.0 * rows * IN * OUT;
  }

  private static void product(Tensor x, Tensor weight) {
    Neural.linear(x, weight, Optional.empty());
  }
}
