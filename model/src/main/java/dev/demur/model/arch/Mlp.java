package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// The feed-forward half of a block: `[tokens, d_model] → [tokens, d_model]`.
public sealed interface Mlp permits DenseAndExperts, Mlp.Dense, MixtureOfExperts {

  /// Applies the MLP to normalised input.
  Tensor apply(Tensor x);

  /// One whose every token uses the same neurons: `W_down neurons(x)`.
  sealed interface Dense extends Mlp {

    /// The neurons after activation and gate, `[tokens, d_mlp]`, float32 or as
    /// [DevicePolicy#between] has it.
    Tensor neurons(Tensor x);

    /// W_down, which writes to the stream.
    Linear down();

    @Override
    default Tensor apply(Tensor x) {
      return down().apply(neurons(x));
    }
  }

  /// The same MLP with each matrix that writes to the stream replaced.
  ///
  /// @param after what normalises the MLP's output
  Mlp withOutput(OutputEdit edit, Norm after);

  /// All its matrices.
  List<Linear> matrices();

  /// The experts tokens choose among, where there are some.
  default Optional<MixtureOfExperts> routed() {
    return Optional.empty();
  }

  /// `W_down (act(W_gate x) ⊙ W_up x)` (Shazeer 2020, arXiv 2002.05202).
  record Gated(Linear gate, Linear up, Linear down, Activation activation) implements Dense {
    @Override
    public Tensor neurons(Tensor x) {
      var in = gate.input(x);
      var gates = gate.between(in);
      var values = up.product(in);
      Part.GATE.begins();
      return activation.gate(gates, values);
    }

    @Override
    public List<Linear> matrices() {
      return List.of(gate, up, down);
    }

    @Override
    public Mlp withOutput(OutputEdit edit, Norm after) {
      return new Gated(gate, up, edit.apply(down, after), activation);
    }
  }

  /// `W_down act(W_up x)`.
  record Plain(Linear up, Linear down, Activation activation) implements Dense {
    @Override
    public Tensor neurons(Tensor x) {
      var values = up.between(x);
      Part.GATE.begins();
      return activation.apply(values);
    }

    @Override
    public List<Linear> matrices() {
      return List.of(up, down);
    }

    @Override
    public Mlp withOutput(OutputEdit edit, Norm after) {
      return new Plain(up, edit.apply(down, after), activation);
    }
  }

  /// `W_down act(W_up x)` with an activation that has weights (Apertus).
  record Bent(Linear up, Linear down, Xielu activation) implements Dense {
    @Override
    public Tensor neurons(Tensor x) {
      return activation.apply(up.apply(x));
    }

    @Override
    public List<Linear> matrices() {
      return List.of(up, down);
    }

    @Override
    public Mlp withOutput(OutputEdit edit, Norm after) {
      return new Bent(up, edit.apply(down, after), activation);
    }
  }

  /// gpt-oss: `W_down ((u + 1) ⊙ g · sigmoid(α g))` with g at most `limit` and u within ± `limit`.
  ///
  /// Source: `GptOssExperts` of transformers 5.
  ///
  /// @param gateUp rows of gate and up in turn, `[2 · d_mlp, d_model]`
  record ClippedGated(Linear gateUp, Linear down, double alpha, double limit) implements Dense {
    @Override
    public Tensor neurons(Tensor x) {
      var both = gateUp.apply(x).reshape(x.dim(0), -1, 2);
      var gate = Neural.clamp(both.narrow(2, 0, 1), Double.NEGATIVE_INFINITY, limit);
      var up = Neural.clamp(both.narrow(2, 1, 1), -limit, limit);
      var gated = gate.times(Neural.sigmoid(gate.times(alpha))).times(up.plus(1));
      return gated.reshape(x.dim(0), -1);
    }

    @Override
    public List<Linear> matrices() {
      return List.of(gateUp, down);
    }

    @Override
    public Mlp withOutput(OutputEdit edit, Norm after) {
      return new ClippedGated(gateUp, edit.apply(down, after), alpha, limit);
    }
  }
}
