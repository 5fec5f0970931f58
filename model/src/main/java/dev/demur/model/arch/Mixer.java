package dev.demur.model.arch;

import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Device;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What of a block lets tokens learn of earlier ones: `[tokens, d_model] → [tokens, d_model]`.
///
/// Each ends in an output projection of z, `[tokens, head, width]`, so that what its heads write to
/// the stream is a sum.
public sealed interface Mixer permits Attention, Beside, Recurrent {

  /// The output projection W_O, `[d_model, head · width]`.
  Linear o();

  /// How z is laid out.
  Heads heads();

  /// What a cache keeps of each sequence.
  Kept kept();

  /// The rotation of queries and keys, when there is one.
  Optional<Rope> rope();

  /// The same mixer with another output projection.
  Mixer withOutput(UnaryOperator<Linear> edit);

  /// All its matrices.
  List<Linear> matrices();

  /// Whether it has such an activation.
  boolean has(Site site);

  /// Where it runs.
  default Device device() {
    return o().matrix().device();
  }

  /// Heads of z.
  ///
  /// @param count how many
  /// @param width elements of each
  record Heads(int count, int width) {}
}
