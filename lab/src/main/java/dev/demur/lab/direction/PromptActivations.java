package dev.demur.lab.direction;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.List;

/// resid_pre of every layer at the last positions of each prompt, filled by the probes of one
/// forward pass.
///
/// Kept per prompt, so that prompts can be filtered by what the same pass scored, and resampled.
/// Make it inside the scope that is to own its memory.
public final class PromptActivations {

  private final Tensor values;
  private final int positions;

  /// @param prompts how many prompts the pass will run
  /// @param positions how many positions from the end, e.g. the number of EOI tokens
  /// @param layers layers of the model
  /// @param dModel width of the stream
  public PromptActivations(int prompts, int positions, int layers, int dModel) {
    this.positions = positions;
    this.values = Tensor.zeros(DType.F32, prompts, positions, layers, dModel);
  }

  /// Probes that write here what they see.
  public HookPlan probes() {
    var plan = HookPlan.none();
    for (int layer = 0; layer < values.dim(2); layer++) {
      int at = layer;
      plan =
          plan.probe(
              new HookPoint(layer, Site.RESID_PRE), (stream, rows) -> take(at, stream, rows));
    }
    return plan;
  }

  /// What was seen, float32 `[prompt, pos, layer, d_model]`; the last position is −1.
  public Tensor values() {
    return values;
  }

  /// Mean over some prompts, accumulated in float64.
  ///
  /// @param values `[prompt, pos, layer, d_model]`
  /// @param prompts which prompts count
  /// @return float64 `[pos, layer, d_model]`
  /// @throws IllegalArgumentException if none is given
  public static Tensor mean(Tensor values, List<Integer> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("a mean needs at least one prompt");
    }
    var sum = Tensor.zeros(DType.F64, values.dim(1), values.dim(2), values.dim(3));
    for (int prompt : prompts) {
      sum.addInPlace(values.row(prompt).to(DType.F64));
    }
    return sum.times(1.0 / prompts.size());
  }

  private void take(int layer, Tensor stream, Rows rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.lengths().get(i) < positions) {
        throw new IllegalArgumentException(
            "prompt "
                + rows.sequences().get(i)
                + " has "
                + rows.lengths().get(i)
                + " tokens, fewer than the "
                + positions
                + " positions asked for");
      }
      values
          .row(rows.sequences().get(i))
          .transpose(0, 1)
          .row(layer)
          .copyInPlace(stream.narrow(0, rows.end(i) - positions, positions));
    }
  }
}
