package dev.demur.model.arch;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Meter;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One run through the blocks: which rows belong to which sequence, what came before, what is
/// edited and read on the way.
///
/// @param rows of the packed sequences
/// @param past earlier tokens
/// @param plan edits and probes
/// @param read the tokens themselves, once they are embedded
public record Pass(Rows rows, Past past, HookPlan plan, Read read) {

  /// A pass whose tokens are not embedded yet.
  public Pass(Rows rows, Past past, HookPlan plan) {
    this(rows, past, plan, new Read());
  }

  /// The tokens of a pass, for layers that read them beside the stream. Set by
  /// [Transformer#embed(Tensor, Pass)], or by hand for a pass that begins behind block 0.
  public static final class Read {
    private Optional<Tensor> ids = Optional.empty();

    /// @param tokens int64 `[tokens]`
    public void set(Tensor tokens) {
      ids = Optional.of(tokens);
    }

    /// int64 `[tokens]`.
    ///
    /// @throws IllegalStateException if they were not set
    Tensor ids() {
      return ids.orElseThrow(
          () ->
              new IllegalStateException(
                  "layers of this model read the tokens themselves; embed them with the pass"));
    }
  }

  /// Positions of all rows, counted from the start of each sequence, past tokens included.
  List<Integer> positions() {
    return IntStream.range(0, rows.size())
        .boxed()
        .flatMap(i -> IntStream.range(past.start(i), past.start(i) + rows.lengths().get(i)).boxed())
        .toList();
  }

  /// Runs the plan's edits and probes at one place of a block.
  public Tensor at(int layer, Site site, Tensor activation) {
    return at(new HookPoint(layer, site), activation);
  }

  private Tensor at(HookPoint point, Tensor activation) {
    return plan.touches(point)
        ? Meter.within(Part.HOOKS, () -> plan.apply(point, activation, rows))
        : activation;
  }

  /// The same for what may lie in a narrower type where nothing is done to it: hooks get float32.
  Tensor in32(int layer, Site site, Tensor activation) {
    return touches(layer, site) ? at(layer, site, activation.to(DType.F32)) : activation;
  }

  /// Runs them behind the final norm.
  Tensor atFinalNorm(Tensor activation) {
    return at(HookPoint.lnFinal(), activation);
  }

  /// The same pass for each sequence's last row alone, once attention is done.
  public Pass ofLastRows() {
    return new Pass(rows.ofLastRows(), past, plan, read);
  }

  /// Whether the plan does anything there.
  public boolean touches(int layer, Site site) {
    return plan.touches(new HookPoint(layer, site));
  }
}
