package dev.demur.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowProductsTest {

  /// Both sum the same exact products in float32, in another order; sums are of size √in.
  private static final double ORDER_OF_SUMMING = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 2",
    "3, 31",
    "4, 32",
    "5, 33",
    "7, 63",
    "8, 64",
    "9, 65",
    "2, 1000",
    "130, 576",
    "1031, 257",
    "515, 1536"
  })
  void equalsThePlainProductOnAwkwardSizes(int out, int in) {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var weight = Tensor.gaussian(new SplittableRandom(out), out, in).to(DType.BF16);
      var x = Tensor.gaussian(new SplittableRandom(in), 1, in);
      var plain = Neural.linear(x, weight.to(DType.F32), Optional.empty()).toFloats();
      for (int threads : List.of(1, 2, 3)) {
        float[] y = multiply(weight.segment(), out, x.toFloats(), threads);
        for (int i = 0; i < out; i++) {
          assertThat(y[i]).isCloseTo(plain[i], within((float) (ORDER_OF_SUMMING * Math.sqrt(in))));
        }
      }
    }
  }

  private static float[] multiply(MemorySegment weight, int out, float[] x, int threads) {
    return multiply(new RowMatrix(StoredAs.BF16, weight, out, x.length), x, threads);
  }

  private static float[] multiply(RowMatrix matrix, float[] x, int threads) {
    var product = new RowProducts.Product(matrix);
    RowProducts.multiply(new RowInput(x), List.of(product), threads);
    return product.y();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 31", "5, 33", "130, 576", "515, 1537"})
  void equalsThePlainProductInFloat32(int out, int in) {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var weight = Tensor.gaussian(new SplittableRandom(out), out, in);
      var x = Tensor.gaussian(new SplittableRandom(in), 1, in);
      float[] plain = Neural.linear(x, weight, Optional.empty()).toFloats();
      var matrix = new RowMatrix(StoredAs.F32, weight.segment(), out, in);
      float[] y = multiply(matrix, x.toFloats(), 2);
      for (int i = 0; i < out; i++) {
        assertThat(y[i]).isCloseTo(plain[i], within((float) (ORDER_OF_SUMMING * Math.sqrt(in))));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 31", "8, 2", "9, 34", "133, 72", "515, 576"})
  void severalVectorsHaveTheProductsEachHasAlone(int out, int in) {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var weight = Tensor.gaussian(new SplittableRandom(out), out, in);
      for (var type : List.of(DType.F32, DType.BF16)) {
        var stored = type == DType.F32 ? StoredAs.F32 : StoredAs.BF16;
        var matrix = new RowMatrix(stored, weight.to(type).contiguous().segment(), out, in);
        float[] x = Tensor.gaussian(new SplittableRandom(in), MANY, in).toFloats();
        for (int vectors : List.of(2, 7, 8, 9, 16, MANY)) {
          var product = new RowProducts.Product(matrix, vectors);
          float[] some = Arrays.copyOf(x, vectors * in);
          RowProducts.multiply(new RowInput(some, vectors), List.of(product), 2);
          for (int i = 0; i < vectors; i++) {
            float[] alone = multiply(matrix, Arrays.copyOfRange(x, i * in, (i + 1) * in), 1);
            for (int row = 0; row < out; row++) {
              assertThat(product.y()[i * out + row])
                  .isCloseTo(alone[row], within((float) (ORDER_OF_SUMMING * Math.sqrt(in))));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProductIsTheSameToTheBitHoweverManyVectorsThereAre(StoredAs type) {
    try (var arena = Arena.ofConfined()) {
      var matrix = some(type, 37, arena);
      int in = matrix.columns();
      float[] x = gaussian(MANY * in);
      float[] all = products(matrix, x, MANY);
      for (int vectors = 2; vectors < MANY; vectors++) {
        float[] some = products(matrix, Arrays.copyOf(x, vectors * in), vectors);
        assertThat(some).isEqualTo(Arrays.copyOf(all, vectors * 37));
      }
    }
  }

  /// The kernels for several vectors decode a matrix, those for one multiply what is stored.
  @ParameterizedTest
  @EnumSource
  void severalVectorsMeetTheNumbersThatOneMeets(StoredAs type) {
    try (var arena = Arena.ofConfined()) {
      var matrix = some(type, 13, arena);
      int in = matrix.columns();
      float[] x = gaussian(3 * in);
      float[] together = products(matrix, x, 3);
      for (int i = 0; i < 3; i++) {
        float[] alone = multiply(matrix, Arrays.copyOfRange(x, i * in, (i + 1) * in), 1);
        assertThat(Arrays.copyOfRange(together, i * 13, (i + 1) * 13))
            .containsExactly(alone, within((float) (ORDER_OF_SUMMING * Math.sqrt(in))));
      }
    }
  }

  /// A matrix of random numbers from about −1 to 1.
  private static RowMatrix some(StoredAs type, int rows, Arena arena) {
    int columns = type.blockElements() == 1 ? 80 : 2 * type.blockElements();
    byte[] bytes = new byte[Math.toIntExact(rows * type.rowBytes(columns))];
    new SplittableRandom(1).nextBytes(bytes);
    var segment = arena.allocate(bytes.length);
    segment.copyFrom(MemorySegment.ofArray(bytes));
    for (long block = 0; block < bytes.length; block += type.blockBytes()) {
      switch (type) {
        case F32 -> segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, block, bytes[(int) block] / 128f);
        case BF16 -> half(segment, block, Float.floatToIntBits(bytes[(int) block] / 128f) >> 16);
        case Q8_0, Q4_0 -> half(segment, block, Float.floatToFloat16(1 / 128f));
        case Q4_1 -> {
          half(segment, block, Float.floatToFloat16(1 / 16f));
          half(segment, block + 2, Float.floatToFloat16(-1 / 2f));
        }
        case Q4_K -> {
          half(segment, block, Float.floatToFloat16(1 / 512f));
          half(segment, block + 2, Float.floatToFloat16(1 / 64f));
        }
        case Q6_K -> half(segment, block + 208, Float.floatToFloat16(1 / 4096f));
      }
    }
    return new RowMatrix(type, segment, rows, columns);
  }

  private static void half(MemorySegment segment, long at, int bits) {
    segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) bits);
  }

  private static float[] gaussian(int count) {
    var random = new Random(2);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static final int MANY = 19;

  private static float[] products(RowMatrix matrix, float[] x, int vectors) {
    var product = new RowProducts.Product(matrix, vectors);
    RowProducts.multiply(new RowInput(x, vectors), List.of(product), 2);
    return product.y();
  }

  @Test
  void severalMatricesShareOneRow() {
    try (var _ = Scope.open()) {
      var first = Tensor.gaussian(new SplittableRandom(1), 300, 70);
      var second = Tensor.gaussian(new SplittableRandom(2), 5, 70).to(DType.BF16);
      float[] x = Tensor.gaussian(new SplittableRandom(3), 70).toFloats();
      var products =
          List.of(
              new RowProducts.Product(new RowMatrix(StoredAs.F32, first.segment(), 300, 70)),
              new RowProducts.Product(new RowMatrix(StoredAs.BF16, second.segment(), 5, 70)));
      RowProducts.multiply(new RowInput(x), products, 2);
      for (var product : products) {
        assertThat(product.y()).isEqualTo(multiply(product.matrix(), x, 1));
      }
    }
  }

  @Test
  void gatesAreTheCurveTimesTheValues() {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var gate = Tensor.gaussian(new SplittableRandom(1), 133, 40);
      var up = Tensor.gaussian(new SplittableRandom(2), 133, 40);
      var x = Tensor.gaussian(new SplittableRandom(3), 1, 40);
      var g = Neural.linear(x, gate, Optional.empty());
      var u = Neural.linear(x, up, Optional.empty());
      for (var curve : RowMath.Curve.values()) {
        var curved =
            switch (curve) {
              case SILU -> Neural.silu(g);
              case GELU_TANH -> Neural.geluTanh(g);
              case RELU -> Neural.relu(g);
            };
        float[] expected = curved.times(u).toFloats();
        float[] found =
            RowProducts.gated(
                new RowInput(x.toFloats()),
                new RowMatrix(StoredAs.F32, gate.segment(), 133, 40),
                new RowMatrix(StoredAs.F32, up.segment(), 133, 40),
                curve,
                2);
        for (int i = 0; i < expected.length; i++) {
          assertThat(found[i])
              .as("%s %d", curve, i)
              .isCloseTo(expected[i], within(2e-5f * (1 + Math.abs(expected[i]))));
        }
      }
    }
  }

  @Test
  void refusesRowsThatAreNoWholeBlocks() {
    assertThatThrownBy(() -> StoredAs.Q4_K.rowBytes(100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 100 elements is not a whole number of Q4_K blocks (256 each)");
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() {
    try (var _ = Scope.open()) {
      var weight = Tensor.gaussian(new SplittableRandom(1), 999, 700).to(DType.BF16);
      float[] x = Tensor.gaussian(new SplittableRandom(2), 700).toFloats();
      var results =
          IntStream.rangeClosed(1, 5)
              .mapToObj(threads -> multiply(weight.segment(), 999, x, threads))
              .toList();
      assertThat(results).allSatisfy(y -> assertThat(y).isEqualTo(results.getFirst()));
    }
  }

  @Test
  void readsMatricesOfAnyAlignment() {
    try (var scope = Scope.open();
        var arena = Arena.ofConfined()) {
      var weight = scope.keep(Tensor.gaussian(new SplittableRandom(3), 6, 70).to(DType.BF16));
      float[] x = Tensor.gaussian(new SplittableRandom(4), 70).toFloats();
      float[] aligned = multiply(weight.segment(), 6, x, 1);
      long bytes = weight.segment().byteSize();
      var odd = arena.allocate(bytes + 1).asSlice(1);
      odd.copyFrom(weight.segment());
      assertThat(multiply(odd, 6, x, 1)).isEqualTo(aligned);
    }
  }

  @Test
  void refusesASegmentOfAnotherSize() {
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(10);
      assertThatThrownBy(() -> new RowMatrix(StoredAs.BF16, segment, 2, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a BF16 matrix of 2 x 3 takes 12 bytes, was given 10");
    }
  }

  @Test
  void whatAPartThrowsReachesTheCallerAndTheTeamGoesOn() {
    assertThatThrownBy(
            () ->
                Team.SHARED.run(
                    3,
                    3,
                    part -> {
                      if (part == 0) {
                        throw new IllegalStateException("part 0");
                      }
                    }))
        .hasMessage("part 0");
    boolean[] done = new boolean[3];
    Team.SHARED.run(3, 3, part -> done[part] = true);
    assertThat(done).containsOnly(true);
  }
}
