package dev.demur.model.arch.row;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.RowLinear;
import dev.demur.model.kernel.RowInput;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.kernel.RowMath.Curve;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.List;
import java.util.Optional;

/// An MLP of rows on plain arrays.
@FunctionalInterface
interface RowMlp {

  /// @param x normalised rows, `[row, d_model]`, not changed
  /// @return `[row, d_model]`
  float[] apply(float[] x, int rows);

  /// The same MLP as a [Mlp]'s. Those with experts, or with a curve there is no kernel for, are
  /// left to libtorch.
  static RowMlp of(Mlp mlp) {
    return switch (mlp) {
      case Mlp.Gated gated when curve(gated.activation()).isPresent() ->
          gated(gated, curve(gated.activation()).get());
      case Mlp.Plain plain when curve(plain.activation()).isPresent() ->
          plain(plain, curve(plain.activation()).get());
      case Mlp other -> (x, rows) -> byLibtorch(other, x, rows);
    };
  }

  private static RowMlp gated(Mlp.Gated mlp, Curve curve) {
    var gate = RowLinear.of(mlp.gate());
    var up = RowLinear.of(mlp.up());
    var down = RowLinear.of(mlp.down());
    if (gate.bias().isEmpty()
        && up.bias().isEmpty()
        && gate.kernel().isPresent()
        && up.kernel().isPresent()) {
      var gates = gate.kernel().get();
      var ups = up.kernel().get();
      return (x, rows) ->
          down.apply(
              RowProducts.gated(new RowInput(x, rows), gates, ups, curve, Torch.threads()), rows);
    }
    return (x, rows) -> {
      var both = RowLinear.apply(x, rows, List.of(gate, up));
      float[] y = both.getFirst();
      RowMath.curve(curve, y);
      RowMath.multiply(y, both.getLast());
      return down.apply(y, rows);
    };
  }

  private static RowMlp plain(Mlp.Plain mlp, Curve curve) {
    var up = RowLinear.of(mlp.up());
    var down = RowLinear.of(mlp.down());
    return (x, rows) -> {
      float[] y = up.apply(x, rows);
      RowMath.curve(curve, y);
      return down.apply(y, rows);
    };
  }

  private static float[] byLibtorch(Mlp mlp, float[] x, int rows) {
    try (var _ = Scope.open()) {
      return mlp.apply(Tensor.of(x, rows, x.length / rows)).toFloats();
    }
  }

  /// The curve of a kernel, where there is one. The exact GELU needs an error function, which
  /// vectors do not have; the others are rare.
  private static Optional<Curve> curve(Activation activation) {
    return switch (activation) {
      case SILU -> Optional.of(Curve.SILU);
      case GELU_TANH -> Optional.of(Curve.GELU_TANH);
      case RELU -> Optional.of(Curve.RELU);
      case GELU,
          QUICK_GELU,
          CLIPPED_GELU,
          RELU_SQUARED,
          RELU6,
          LEAKY_RELU,
          MISH,
          HARD_SWISH,
          SIGMOID,
          TANH,
          LAPLACE,
          SQRT_SOFTPLUS,
          LINEAR ->
          Optional.empty();
    };
  }
}
