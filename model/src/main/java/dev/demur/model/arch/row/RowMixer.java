package dev.demur.model.arch.row;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Beside;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.Recurrent;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;

/// A [Mixer] of some sequences' tokens on plain arrays.
interface RowMixer {

  /// @param x normalised rows, `[row, d_model]`
  /// @return `[row, d_model]`
  float[] apply(int layer, float[] x, RowPass pass);

  /// The same mixer as a block's. A recurrent one is left to libtorch.
  static RowMixer of(Mixer mixer) {
    return switch (mixer) {
      case Attention attention -> RowHeads.of(attention);
      case Beside(var attention, var recurrent) -> {
        var heads = RowHeads.of(attention);
        yield (layer, x, pass) -> {
          float[] sum = heads.apply(layer, x, pass);
          try (var _ = Scope.open()) {
            var z =
                recurrent.z(layer, Tensor.of(x, pass.rows(), x.length / pass.rows()), pass.pass());
            RowMath.add(sum, recurrent.written(z).toFloats());
          }
          return sum;
        };
      }
      case Recurrent recurrent ->
          (layer, x, pass) -> {
            try (var _ = Scope.open()) {
              return recurrent
                  .apply(layer, Tensor.of(x, pass.rows(), x.length / pass.rows()), pass.pass())
                  .toFloats();
            }
          };
    };
  }
}
