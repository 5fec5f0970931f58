package dev.demur.model.arch;

import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A mixer that reads tokens one after the other and remembers them in a state of a fixed size.
///
/// There are no keys to look back at, so there is no pattern: what of z came from which token
/// cannot be told apart.
public sealed interface Recurrent extends Mixer permits GatedDelta, Mamba2, ShortConvolution {

  /// What the output projection reads.
  ///
  /// @param x normalised input, `[tokens, d_model]`
  /// @return z, `[tokens, head, width]`
  Tensor z(int layer, Tensor x, Pass pass);

  /// @param x normalised input, `[tokens, d_model]`
  /// @return `[tokens, d_model]`, not yet normalised or scaled
  default Tensor apply(int layer, Tensor x, Pass pass) {
    return written(pass.at(layer, Site.Z, z(layer, x, pass)));
  }

  /// @param z `[tokens, head, width]`
  /// @return `[tokens, d_model]`
  default Tensor written(Tensor z) {
    return o().apply(z.reshape(z.dim(0), (long) heads().count() * heads().width()));
  }

  @Override
  Kept.State kept();

  @Override
  Recurrent withOutput(UnaryOperator<Linear> edit);

  @Override
  default Optional<Rope> rope() {
    return Optional.empty();
  }

  @Override
  default boolean has(Site site) {
    return switch (site) {
      case Z -> true;
      case Q, K, V, ATTN_SCORES, PATTERN, PATTERN_LAST -> false;
      case RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST, MLP_POST, LN_FINAL -> false;
    };
  }

  /// What some sequences of one length become, and the states they leave.
  ///
  /// @param out `[sequence, pos, …]`
  /// @param after states behind the last token, each `[sequence, …]`
  record Run(Tensor out, List<Tensor> after) {
    public Run {
      after = List.copyOf(after);
    }
  }
}
