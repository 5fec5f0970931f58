package dev.demur.model.arch;

import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What a block does behind its MLP (Gemma 4).
///
/// @param own what it adds of its own input
/// @param scale what the whole stream is multiplied with at last
public record Ending(Optional<Own> own, double scale) {

  /// Nothing, as in most families.
  public static Ending none() {
    return new Ending(Optional.empty(), 1);
  }

  /// What a block makes of its own input (see [LayerInputs]) and of the stream:
  ///
  /// ```text
  /// after(W_down (act(W_gate x) ⊙ input))
  /// ```
  ///
  /// @param gate `[width, d_model]`
  /// @param activation of the gate
  /// @param down `[d_model, width]`
  /// @param after normalises what is written
  public record Own(Linear gate, Activation activation, Linear down, Norm after) {

    /// @param x the stream, not normalised, `[tokens, d_model]`
    /// @param input of this layer, `[tokens, width]`
    /// @return `[tokens, d_model]`
    public Tensor apply(Tensor x, Tensor input) {
      return after.apply(down.apply(activation.apply(gate.apply(x)).times(input)));
    }
  }

  List<Linear> matrices() {
    return own.map(made -> List.of(made.gate, made.down)).orElse(List.of());
  }

  /// The same with another matrix where it writes to the stream.
  Ending withOutput(OutputEdit edit) {
    return new Ending(
        own.map(
            made ->
                new Own(made.gate, made.activation, edit.apply(made.down, made.after), made.after)),
        scale);
  }
}
