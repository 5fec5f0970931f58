package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.Optional;

/// The non-linearity of an MLP.
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  RELU;

  /// The activation a `config.json` calls `name`, when it is known.
  public static Optional<Activation> ofName(String name) {
    return switch (name) {
      case "silu", "swish" -> Optional.of(SILU);
      case "gelu" -> Optional.of(GELU);
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Optional.of(GELU_TANH);
      case "relu" -> Optional.of(RELU);
      default -> Optional.empty();
    };
  }

  /// `act(gate) ⊙ up`, in float32. Without gradients it takes the place of `gate`: of the
  /// operations between the matrices this is the one that moves most memory.
  ///
  /// @param gate float32, not used again
  /// @param up of any type
  Tensor gate(Tensor gate, Tensor up) {
    return Torch.gradients() ? apply(gate).times(up) : applyInPlace(gate).multiplyInPlace(up);
  }

  private Tensor applyInPlace(Tensor x) {
    return switch (this) {
      case SILU -> Neural.siluInPlace(x);
      case GELU -> Neural.geluInPlace(x);
      case GELU_TANH -> Neural.geluTanhInPlace(x);
      case RELU -> Neural.reluInPlace(x);
    };
  }

  Tensor apply(Tensor x) {
    return switch (this) {
      case SILU -> Neural.silu(x);
      case GELU -> Neural.gelu(x);
      case GELU_TANH -> Neural.geluTanh(x);
      case RELU -> Neural.relu(x);
    };
  }
}
