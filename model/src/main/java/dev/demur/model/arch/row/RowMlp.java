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

/// An MLP of one row on plain arrays.
@FunctionalInterface
interface RowMlp {

  /// @param x normalised row, `[d_model]`, not changed
  /// @return `[d_model]`
  float[] apply(float[] x);

  /// The same MLP as a [Mlp]'s. Those with experts, or with a curve there is no kernel for, are
  /// left to libtorch.
  static RowMlp of(Mlp mlp) {
    return switch (mlp) {
      case Mlp.Gated gated when hasKernel(gated.activation()) -> gated(gated);
      case Mlp.Plain plain when hasKernel(plain.activation()) -> plain(plain);
      case Mlp other -> x -> byLibtorch(other, x);
    };
  }

  private static RowMlp gated(Mlp.Gated mlp) {
    var curve = curve(mlp.activation());
    var gate = RowLinear.of(mlp.gate());
    var up = RowLinear.of(mlp.up());
    var down = RowLinear.of(mlp.down());
    if (gate.bias().isEmpty()
        && up.bias().isEmpty()
        && gate.kernel().isPresent()
        && up.kernel().isPresent()) {
      var gates = gate.kernel().get();
      var ups = up.kernel().get();
      return x ->
          down.apply(RowProducts.gated(new RowInput(x), gates, ups, curve, Torch.threads()));
    }
    return x -> {
      var both = RowLinear.apply(x, List.of(gate, up));
      float[] y = both.getFirst();
      RowMath.curve(curve, y);
      RowMath.multiply(y, both.getLast());
      return down.apply(y);
    };
  }

  private static RowMlp plain(Mlp.Plain mlp) {
    var curve = curve(mlp.activation());
    var up = RowLinear.of(mlp.up());
    var down = RowLinear.of(mlp.down());
    return x -> {
      float[] y = up.apply(x);
      RowMath.curve(curve, y);
      return down.apply(y);
    };
  }

  private static float[] byLibtorch(Mlp mlp, float[] x) {
    try (var _ = Scope.open()) {
      return mlp.apply(Tensor.of(x, 1, x.length)).toFloats();
    }
  }

  /// The exact GELU needs an error function, which vectors do not have.
  private static boolean hasKernel(Activation activation) {
    return activation != Activation.GELU;
  }

  private static Curve curve(Activation activation) {
    return switch (activation) {
      case SILU -> Curve.SILU;
      case GELU_TANH -> Curve.GELU_TANH;
      case RELU -> Curve.RELU;
      case GELU -> throw new IllegalArgumentException("there is no kernel for " + activation);
    };
  }
}
