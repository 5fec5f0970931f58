package dev.demur.bench;

import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.kernel.RowInput;
import dev.demur.model.kernel.RowMatrix;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One row times a model's own matrices of one type, as they lie in its file: the kernel, libtorch
/// with the matrices in bfloat16, and a plain loop over their numbers. `-Dmodel=FILE.gguf` names
/// the model. A model's matrices together are larger than any cache.
///
/// Before anything is timed the three answers are compared, for the first matrix.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dorg.bytedeco.javacpp.maxbytes=0",
      "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowKernels {

  /// How the matrices are stored. BF16 stands for the same matrices decoded.
  @Param({"BF16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K"})
  private StoredAs type = StoredAs.BF16;

  /// Sums of products in another order, relative to the size of a sum.
  private static final double ORDER = 1e-4;

  /// libtorch rounds row, weights and sums to 8 bits.
  private static final double ROUNDING = 5e-2;

  private static final long MOST_BYTES = 1L << 30;

  /// A row for each length.
  private static final Map<Integer, float[]> ROWS = new HashMap<>();

  private final List<Tensor> dense = new ArrayList<>();
  private final List<RowMatrix> matrices = new ArrayList<>();
  private float[] plain = {};
  private final Scope scope = Scope.open();
  private final ModelFiles files = open();

  /// Bytes of weights multiplied.
  @State(org.openjdk.jmh.annotations.Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Read {
    public long bytes;

    /// Begins to count.
    @Setup(Level.Iteration)
    public void reset() {
      bytes = 0;
    }
  }

  private static ModelFiles open() {
    try {
      return ModelLocator.ofEnvironment().open(System.getProperty("model", ""));
    } catch (IOException e) {
      throw new IllegalArgumentException("-Dmodel=FILE.gguf: " + e.getMessage(), e);
    }
  }

  /// Reads the matrices and compares the three answers.
  @Setup
  public void read() throws IOException {
    long bytes = 0;
    for (String name : files.weights().names()) {
      var stored = files.weights().stored(name, DType.BF16);
      if (stored.isEmpty() || bytes > MOST_BYTES) {
        continue;
      }
      var rows = stored.get().forRows();
      if (type == StoredAs.BF16) {
        var values = stored.get().decoded(DType.BF16);
        int in = Math.toIntExact(values.dim(1));
        dense.add(values);
        matrices.add(new RowMatrix(type, values.segment(), Math.toIntExact(values.dim(0)), in));
      } else if (rows.isPresent() && rows.get().type() == type) {
        matrices.add(rows.get());
        dense.add(stored.get().decoded(DType.BF16));
      } else {
        continue;
      }
      bytes += matrices.getLast().bytes().byteSize();
      if (matrices.size() == 1) {
        var exact = type == StoredAs.BF16 ? DType.BF16 : DType.F32;
        plain = stored.get().decoded(exact).toFloats();
        compare();
      }
    }
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException(files.name() + " holds no " + type + " matrix");
    }
  }

  private void compare() {
    var matrix = matrices.getFirst();
    float[] x = row(matrix.columns());
    var product = new RowProducts.Product(matrix);
    RowProducts.multiply(new RowInput(x), List.of(product), Torch.threads());
    float[] expected = plainProduct(x);
    compare(expected, product.y(), ORDER);
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var row = Tensor.of(x, 1, x.length).to(DType.BF16);
      var byLibtorch = Neural.linear(row, dense.getFirst(), Optional.empty());
      compare(expected, byLibtorch.toFloats(), ROUNDING);
    }
  }

  private static void compare(float[] expected, float[] found, double tolerance) {
    double square = 0;
    for (float value : expected) {
      square += (double) value * value;
    }
    double size = Math.sqrt(square / expected.length);
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - found[i]) > tolerance * (size + Math.abs(expected[i]))) {
        throw new IllegalStateException(
            "row " + i + ": expected " + expected[i] + ", found " + found[i]);
      }
    }
  }

  /// Our kernel.
  @Benchmark
  public float kernel(Read read) {
    float sum = 0;
    for (var matrix : matrices) {
      var product = new RowProducts.Product(matrix);
      RowProducts.multiply(new RowInput(row(matrix.columns())), List.of(product), Torch.threads());
      read.bytes += matrix.bytes().byteSize();
      sum += product.y()[0];
    }
    return sum;
  }

  /// libtorch's `linear` of the same matrices in bfloat16.
  @Benchmark
  public void libtorch(Read read) {
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      for (var weight : dense) {
        long in = weight.dim(1);
        var row = Tensor.of(row(Math.toIntExact(in)), 1, in).to(DType.BF16);
        Neural.linear(row, weight, Optional.empty());
        read.bytes += weight.elements() * DType.BF16.bytes();
      }
    }
  }

  /// What the kernel computes, as one would write it down: the first matrix, on one thread.
  @Benchmark
  public float[] plain(Read read) {
    var matrix = matrices.getFirst();
    read.bytes += matrix.bytes().byteSize();
    return plainProduct(row(matrix.columns()));
  }

  private float[] plainProduct(float[] x) {
    float[] y = new float[plain.length / x.length];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        sum += (double) plain[i * x.length + j] * x[j];
      }
      y[i] = (float) sum;
    }
    return y;
  }

  private static float[] row(int length) {
    return ROWS.computeIfAbsent(
        length,
        n -> {
          try (var _ = Scope.open()) {
            return Tensor.gaussian(new SplittableRandom(n), n).toFloats();
          }
        });
  }

  /// Gives the matrices back.
  @TearDown
  public void close() {
    scope.close();
    files.close();
  }
}
