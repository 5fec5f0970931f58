package dev.demur.bench;

import dev.demur.model.kernel.RowProduct;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One row times a bfloat16 matrix of 8960 × 1536: the kernel, libtorch and a plain loop, each
/// going through enough matrices that none is still in a cache. An operation reads 27.5 MB.
///
/// Before anything is timed the three answers are compared.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
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
@OperationsPerInvocation(RowProducts.MATRICES)
public class RowProducts {

  static final int MATRICES = 16;
  private static final int OUT = 8960;
  private static final int IN = 1536;

  /// Sums of 1536 products in another order.
  private static final float TOLERANCE = 1e-2f;

  /// libtorch rounds its sums to 8 bits.
  private static final float ROUNDING = 0.5f;

  private static final ValueLayout.OfShort BF16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final List<Tensor> weights = new ArrayList<>();
  private final List<MemorySegment> segments = new ArrayList<>();
  private final float[] y = new float[OUT];
  private float[] x = {};
  private Tensor row = Tensor.zeros(DType.BF16, 1, IN);

  /// Fills the matrices and compares the three answers.
  @Setup
  public void fill() {
    for (int i = 0; i < MATRICES; i++) {
      var weight = Tensor.gaussian(new SplittableRandom(i), OUT, IN).to(DType.BF16);
      weights.add(weight);
      segments.add(weight.segment());
    }
    row = Tensor.gaussian(new SplittableRandom(MATRICES), 1, IN).to(DType.BF16);
    x = row.toFloats();
    float[] plain = new float[OUT];
    multiply(segments.getFirst(), plain);
    RowProduct.bf16(segments.getFirst(), x, y, Torch.threads());
    compare(plain, y, TOLERANCE);
    compare(plain, Neural.linear(row, weights.getFirst(), Optional.empty()).toFloats(), ROUNDING);
  }

  /// Our kernel.
  @Benchmark
  public float[] kernel() {
    for (var segment : segments) {
      RowProduct.bf16(segment, x, y, Torch.threads());
    }
    return y;
  }

  /// libtorch's `linear`.
  @Benchmark
  public void libtorch() {
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      for (var weight : weights) {
        Neural.linear(row, weight, Optional.empty());
      }
    }
  }

  /// What the kernel computes, as one would write it down; on one thread.
  @Benchmark
  public float[] plain() {
    for (var segment : segments) {
      multiply(segment, y);
    }
    return y;
  }

  private void multiply(MemorySegment weight, float[] result) {
    for (int i = 0; i < OUT; i++) {
      float sum = 0;
      for (int j = 0; j < IN; j++) {
        int bits = weight.getAtIndex(BF16, (long) i * IN + j) << Short.SIZE;
        sum += Float.intBitsToFloat(bits) * x[j];
      }
      result[i] = sum;
    }
  }

  private static void compare(float[] expected, float[] found, float tolerance) {
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - found[i]) > tolerance) {
        throw new IllegalStateException(
            "row " + i + ": expected " + expected[i] + ", found " + found[i]);
      }
    }
  }
}
