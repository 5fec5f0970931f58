package dev.demur.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.format.quant.GgmlType;
import dev.demur.model.kernel.RowInput;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.kernel.Width;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels multiply the numbers the decoder reads.
@Scoped
class StoredMatrixTest {

  /// Float32 sums in another order. In the K types each number carries a 1 that is taken off again,
  /// so that sums are of the size of `scale · Σ |x|`: sixteen, or sixty-four, steps of a number.
  private static final double ROUNDING = 4e-7;

  private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED;

  /// How a product is computed.
  private record Way(Width width, int threads) {}

  /// Sixteen lanes are pieced together where registers are narrower, which is slow.
  private static final List<Way> WAYS =
      List.of(
          new Way(Width.SIXTEEN, 1),
          new Way(Width.EIGHT, 1),
          new Way(Width.EIGHT, 2),
          new Way(Width.EIGHT, 3));

  private static final List<Integer> MANY_ROWS = List.of(131, 7);

  /// Rows and blocks of a row: odd ones, and so many that threads share them.
  private static final List<List<Integer>> SHAPES =
      List.of(
          List.of(1, 1), List.of(2, 3), List.of(3, 7), List.of(5, 3), List.of(64, 1), MANY_ROWS);

  static Stream<Arguments> shapes() {
    return Stream.of(StoredAs.Q8_0, StoredAs.Q4_0, StoredAs.Q4_1, StoredAs.Q4_K, StoredAs.Q6_K)
        .flatMap(type -> SHAPES.stream().map(s -> Arguments.of(type, s.getFirst(), s.getLast())));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void kernelsMultiplyWhatIsDecoded(StoredAs type, int rows, int blocks) {
    try (var arena = Arena.ofConfined()) {
      var random = new Random(31L * rows + blocks);
      var matrix = matrix(type, rows, blocks, arena, random);
      int columns = blocks * type.blockElements();
      float[] x = Tensor.gaussian(random, columns).toFloats();
      float[] w = matrix.decoded(DType.F32).toFloats();
      for (var way : WAYS) {
        var product = new RowProducts.Product(matrix.forRows().orElseThrow());
        RowProducts.multiply(new RowInput(x, way.width), List.of(product), way.threads);
        for (int row = 0; row < rows; row++) {
          double sum = 0;
          double size = 0;
          for (int i = 0; i < columns; i++) {
            sum += (double) w[row * columns + i] * x[i];
            size += Math.abs(x[i]);
          }
          double largest = largest(w, row * columns, columns);
          assertThat((double) product.y()[row])
              .isCloseTo(sum, within(ROUNDING * 64 * largest * size));
        }
      }
    }
  }

  @Test
  void aSliceHoldsItsRows() {
    try (var arena = Arena.ofConfined()) {
      var matrix = matrix(StoredAs.Q4_K, 9, 2, arena, new Random(1));
      var all = matrix.decoded(DType.F32);
      assertThat(matrix.slice(3, 4).decoded(DType.F32).toFloats())
          .isEqualTo(all.narrow(0, 3, 4).contiguous().toFloats());
    }
  }

  @Test
  void rowsInAnotherOrderAreTheSameRows() {
    try (var arena = Arena.ofConfined()) {
      var matrix = matrix(StoredAs.Q8_0, 4, 3, arena, new Random(1));
      var ordered = matrix.ordered(2, 0, 3, 1).decoded(DType.F32);
      assertThat(ordered.toFloats())
          .isEqualTo(
              matrix.decoded(DType.F32).rows(Tensor.ofLongs(LongStream.of(2, 0, 3, 1))).toFloats());
    }
  }

  @Test
  void plainNumbersStayTensors() {
    try (var arena = Arena.ofConfined()) {
      var info = new TensorInfo("w", "F32", List.of(2L, 2L), 16);
      var stored = StoredTensor.of(Path.of("file"), info, arena.allocate(16), DType.F32);
      assertThat(StoredMatrix.of(stored)).isEmpty();
    }
  }

  private static StoredMatrix matrix(
      StoredAs type, int rows, int blocks, Arena arena, Random random) {
    long bytes = (long) rows * blocks * type.blockBytes();
    var segment = arena.allocate(bytes);
    byte[] noise = new byte[Math.toIntExact(bytes)];
    random.nextBytes(noise);
    MemorySegment.copy(noise, 0, segment, ValueLayout.JAVA_BYTE, 0, noise.length);
    for (long block = 0; block < bytes; block += type.blockBytes()) {
      for (int at : scales(type)) {
        float scale = 0.01f + random.nextFloat() / 8;
        segment.set(F16, block + at, Float.floatToFloat16(scale));
      }
    }
    long columns = (long) blocks * type.blockElements();
    var info = new TensorInfo("w", type.name(), List.of((long) rows, columns), bytes);
    var decoder = GgmlType.valueOf(type.name()).decoder();
    return StoredMatrix.of(
            new StoredTensor(Path.of("file"), info, segment, decoder, Optional.empty()))
        .orElseThrow();
  }

  /// Where a block has its float16 numbers.
  private static List<Integer> scales(StoredAs type) {
    return switch (type) {
      case Q8_0, Q4_0 -> List.of(0);
      case Q4_1, Q4_K -> List.of(0, 2);
      case Q6_K -> List.of(208);
      case F32, BF16 -> List.of();
    };
  }

  private static double largest(float[] w, int from, int count) {
    double largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(w[i]));
    }
    return largest;
  }
}
