package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.Optional;

/// The non-linearity of an MLP.
///
/// Source: `ACT2FN` of transformers 5. Two of its entries are missing, `prelu` and `xielu`
/// ([Xielu]): they have weights of their own.
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  RELU,
  /// `x · sigmoid(1.702 x)`.
  QUICK_GELU,
  /// [#GELU] between −10 and 10.
  CLIPPED_GELU,
  /// `max(x, 0)²` (So et al. 2021, arXiv 2109.08668).
  RELU_SQUARED,
  /// [#RELU] up to 6.
  RELU6,
  LEAKY_RELU,
  MISH,
  HARD_SWISH,
  SIGMOID,
  TANH,
  /// `Φ((x − √½) / √(1/4π))` (Ma et al. 2022, arXiv 2209.10655).
  LAPLACE,
  /// The square root of softplus.
  SQRT_SOFTPLUS,
  LINEAR;

  private static final double QUICK = 1.702;
  private static final double CLIP = 10;
  private static final double LAPLACE_MEAN = 0.707107;
  private static final double LAPLACE_DEVIATION = 0.282095;

  /// The activation a `config.json` calls `name`, when it is known.
  public static Optional<Activation> ofName(String name) {
    return switch (name) {
      case "silu", "swish" -> Optional.of(SILU);
      case "gelu", "gelu_python" -> Optional.of(GELU);
      case "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate" ->
          Optional.of(GELU_TANH);
      case "relu" -> Optional.of(RELU);
      case "quick_gelu" -> Optional.of(QUICK_GELU);
      case "gelu_10" -> Optional.of(CLIPPED_GELU);
      case "relu2" -> Optional.of(RELU_SQUARED);
      case "relu6" -> Optional.of(RELU6);
      case "leaky_relu" -> Optional.of(LEAKY_RELU);
      case "mish" -> Optional.of(MISH);
      case "hardswish" -> Optional.of(HARD_SWISH);
      case "sigmoid" -> Optional.of(SIGMOID);
      case "tanh" -> Optional.of(TANH);
      case "laplace" -> Optional.of(LAPLACE);
      case "sqrtsoftplus" -> Optional.of(SQRT_SOFTPLUS);
      case "linear" -> Optional.of(LINEAR);
      default -> Optional.empty();
    };
  }

  /// `act(gate) ⊙ up`, in the gate's type. Without gradients it takes the place of `gate`: of the
  /// operations between the matrices this is the one that moves most memory.
  ///
  /// @param gate not used again
  /// @param up of any type
  Tensor gate(Tensor gate, Tensor up) {
    return Torch.gradients() ? apply(gate).times(up) : applyInPlace(gate).multiplyInPlace(up);
  }

  /// The result, in the memory of `x` for the curves that published models have.
  private Tensor applyInPlace(Tensor x) {
    return switch (this) {
      case SILU -> Neural.siluInPlace(x);
      case GELU -> Neural.geluInPlace(x);
      case GELU_TANH -> Neural.geluTanhInPlace(x);
      case RELU -> Neural.reluInPlace(x);
      case LINEAR -> x;
      case QUICK_GELU,
          CLIPPED_GELU,
          RELU_SQUARED,
          RELU6,
          LEAKY_RELU,
          MISH,
          HARD_SWISH,
          SIGMOID,
          TANH,
          LAPLACE,
          SQRT_SOFTPLUS ->
          apply(x);
    };
  }

  Tensor apply(Tensor x) {
    return switch (this) {
      case SILU -> Neural.silu(x);
      case GELU -> Neural.gelu(x);
      case GELU_TANH -> Neural.geluTanh(x);
      case RELU -> Neural.relu(x);
      case QUICK_GELU -> x.times(Neural.sigmoid(x.times(QUICK)));
      case CLIPPED_GELU -> Neural.clamp(Neural.gelu(x), -CLIP, CLIP);
      case RELU_SQUARED -> {
        var positive = Neural.relu(x);
        yield positive.times(positive);
      }
      case RELU6 -> Neural.clamp(x, 0, 6);
      case LEAKY_RELU -> Neural.leakyRelu(x);
      case MISH -> Neural.mish(x);
      case HARD_SWISH -> Neural.hardSwish(x);
      case SIGMOID -> Neural.sigmoid(x);
      case TANH -> Neural.tanh(x);
      case LAPLACE -> {
        var scaled = x.plus(-LAPLACE_MEAN).times(1 / (LAPLACE_DEVIATION * Math.sqrt(2)));
        yield Neural.erf(scaled).plus(1).times(0.5);
      }
      case SQRT_SOFTPLUS -> Neural.softplus(x).sqrt();
      case LINEAR -> x;
    };
  }
}
