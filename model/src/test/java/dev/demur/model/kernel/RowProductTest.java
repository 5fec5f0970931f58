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
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowProductTest {

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
        float[] y = new float[out];
        RowProduct.bf16(weight.segment(), x.toFloats(), y, threads);
        for (int i = 0; i < out; i++) {
          assertThat(y[i]).isCloseTo(plain[i], within((float) (ORDER_OF_SUMMING * Math.sqrt(in))));
        }
      }
    }
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() {
    try (var _ = Scope.open()) {
      var weight = Tensor.gaussian(new SplittableRandom(1), 999, 700).to(DType.BF16);
      float[] x = Tensor.gaussian(new SplittableRandom(2), 700).toFloats();
      var results =
          IntStream.rangeClosed(1, 5)
              .mapToObj(
                  threads -> {
                    float[] y = new float[999];
                    RowProduct.bf16(weight.segment(), x, y, threads);
                    return y;
                  })
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
      float[] aligned = new float[6];
      RowProduct.bf16(weight.segment(), x, aligned, 1);
      long bytes = weight.segment().byteSize();
      var odd = arena.allocate(bytes + 1).asSlice(1);
      odd.copyFrom(weight.segment());
      float[] y = new float[6];
      RowProduct.bf16(odd, x, y, 1);
      assertThat(y).isEqualTo(aligned);
    }
  }

  @Test
  void refusesASegmentOfAnotherSize() {
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(10);
      assertThatThrownBy(() -> RowProduct.bf16(segment, new float[3], new float[2], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a bfloat16 matrix of 2 x 3 takes 12 bytes, was given 10");
    }
  }

  @Test
  void whatAPartThrowsReachesTheCallerAndTheTeamGoesOn() {
    assertThatThrownBy(
            () ->
                Team.SHARED.run(
                    3,
                    part -> {
                      if (part == 0) {
                        throw new IllegalStateException("part 0");
                      }
                    }))
        .hasMessage("part 0");
    boolean[] done = new boolean[3];
    Team.SHARED.run(3, part -> done[part] = true);
    assertThat(done).containsOnly(true);
  }
}
