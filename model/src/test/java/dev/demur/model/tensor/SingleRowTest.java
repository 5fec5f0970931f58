package dev.demur.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SingleRowTest {

  /// libtorch rounds the result to bfloat16, of 8 significant bits; the kernel does not.
  private static final float ROUNDING = 1f / 256;

  @Test
  void equalsTheRowAmongOthersUpToOneRounding() {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var rows = Tensor.gaussian(new SplittableRandom(1), 5, 300).to(DType.BF16);
      var weight = Tensor.gaussian(new SplittableRandom(2), 77, 300).to(DType.BF16);
      var bias = Optional.of(Tensor.gaussian(new SplittableRandom(3), 77).to(DType.BF16));
      var together = Neural.linear(rows, weight, bias).narrow(0, 3, 1);
      var single = Neural.singleRow(rows.narrow(0, 3, 1), weight, bias).orElseThrow();
      assertThat(single.shape()).containsExactly(1L, 77L);
      assertThat(single.dtype()).isEqualTo(DType.F32);
      float[] expected = together.toFloats();
      float[] found = single.toFloats();
      for (int i = 0; i < expected.length; i++) {
        // Cancellation with the bias leaves the rounding of the sum: of size √300.
        assertThat(found[i])
            .isCloseTo(expected[i], within(ROUNDING * Math.abs(expected[i]) + 2e-2f));
      }
    }
  }

  @Test
  void keepsTheShapeOfItsInput() {
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var x = Tensor.gaussian(new SplittableRandom(1), 1, 1, 8).to(DType.BF16);
      var weight = Tensor.gaussian(new SplittableRandom(2), 3, 8).to(DType.BF16);
      assertThat(Neural.singleRow(x, weight, Optional.empty()).orElseThrow().shape())
          .containsExactly(1L, 1L, 3L);
    }
  }

  @Test
  void leavesAllOtherCasesToLibtorch() {
    try (var _ = Scope.open()) {
      var x = Tensor.gaussian(new SplittableRandom(1), 1, 8);
      var weight = Tensor.gaussian(new SplittableRandom(2), 3, 8);
      var narrow = weight.to(DType.BF16);
      assertThat(Neural.singleRow(x.to(DType.BF16), narrow, Optional.empty()))
          .as("with gradients")
          .isEmpty();
      try (var _ = Torch.inference()) {
        var two = Tensor.gaussian(new SplittableRandom(3), 2, 8).to(DType.BF16);
        var transposed = Tensor.gaussian(new SplittableRandom(2), 8, 3).to(DType.BF16);
        assertThat(Neural.singleRow(x, weight, Optional.empty())).as("float32").isEmpty();
        assertThat(Neural.singleRow(two, narrow, Optional.empty())).as("two rows").isEmpty();
        assertThat(Neural.singleRow(x.to(DType.BF16), transposed.transpose(0, 1), Optional.empty()))
            .as("not contiguous")
            .isEmpty();
      }
    }
  }
}
