package dev.demur.model.arch;

import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Attention and a recurrence side by side: both read the same, and attn_out is the sum of what
/// they write (Falcon-H1).
///
/// All that is shown of its inside is attention's: q, k, v, patterns and z. What the recurrence
/// writes is in attn_out alone, so attention's heads do not sum to it.
public record Beside(Attention attention, Recurrent recurrent) implements Mixer {

  /// @param x normalised input, `[tokens, d_model]`
  /// @return `[tokens, d_model]`
  Tensor apply(int layer, Tensor x, Pass pass, PassTables tables) {
    return attention
        .apply(layer, x, pass, tables)
        .plus(recurrent.written(recurrent.z(layer, x, pass)));
  }

  /// Attention's.
  @Override
  public Linear o() {
    return attention.o();
  }

  /// Attention's.
  @Override
  public Heads heads() {
    return attention.heads();
  }

  @Override
  public Kept.Both kept() {
    return new Kept.Both(attention.keysAndValues(), recurrent.kept());
  }

  @Override
  public Optional<Rope> rope() {
    return attention.rope();
  }

  @Override
  public Beside withOutput(UnaryOperator<Linear> edit) {
    return new Beside(attention.withOutput(edit), recurrent.withOutput(edit));
  }

  @Override
  public List<Linear> matrices() {
    return Stream.concat(attention.matrices().stream(), recurrent.matrices().stream()).toList();
  }

  @Override
  public boolean has(Site site) {
    return attention.has(site);
  }
}
