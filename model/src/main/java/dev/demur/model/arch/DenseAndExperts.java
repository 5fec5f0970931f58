package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A dense MLP and experts that write to the stream together (Gemma 4), each behind a norm of its
/// own:
///
/// ```text
/// dense.after(dense(dense.read ⊙ x)) + experts.after(experts(experts.read ⊙ x))
/// ```
///
/// Here x is the stream over its root mean square. The router reads it as it is.
///
/// @param dense for every token
/// @param experts of which each token uses a few
public record DenseAndExperts(Side<Mlp.Dense> dense, Side<MixtureOfExperts> experts)
    implements Mlp {

  /// One of the two.
  ///
  /// @param read the scale of what it reads, `[d_model]`
  /// @param after normalises what it writes
  public record Side<M extends Mlp>(Tensor read, M mlp, Norm.Rms after) {}

  @Override
  public Tensor apply(Tensor x) {
    var byDense = dense.mlp.apply(x.times(dense.read)).to(DType.F32);
    var byExperts = experts.mlp.apply(x.times(experts.read), x);
    return dense.after.apply(byDense).plus(experts.after.apply(byExperts));
  }

  @Override
  public Optional<MixtureOfExperts> routed() {
    return Optional.of(experts.mlp);
  }

  @Override
  public Mlp withOutput(OutputEdit edit, Norm after) {
    return new DenseAndExperts(
        new Side<>(
            dense.read,
            (Mlp.Dense) dense.mlp.withOutput(edit, both(dense.after, after)),
            dense.after),
        new Side<>(
            experts.read, experts.mlp.withOutput(edit, both(experts.after, after)), experts.after));
  }

  /// What scales as two norms one behind the other do.
  private static Norm both(Norm.Rms first, Norm second) {
    return switch (second) {
      case Norm.Identity() -> first;
      case Norm.Rms(var weight, var eps) -> new Norm.Rms(first.weight().times(weight), eps);
      case Norm.Layer _, Norm.LayerByHead _ ->
          throw new IllegalArgumentException("a LayerNorm behind dense MLP and experts");
    };
  }

  @Override
  public List<Linear> matrices() {
    return Stream.concat(dense.mlp.matrices().stream(), experts.mlp.matrices().stream()).toList();
  }
}
