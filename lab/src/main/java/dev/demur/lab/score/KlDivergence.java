package dev.demur.lab.score;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.List;

/// How far an edit moves next-token distributions, in nats.
///
/// Source: the released `kl_div_fn`: Σ p (ln(p + ε) − ln(q + ε)), ε = 1e-6, float64.
public final class KlDivergence {

  private static final double EPSILON = 1e-6;

  private KlDivergence() {}

  /// KL(unedited ‖ edited) of each row.
  ///
  /// @param unedited logits `[prompt, d_vocab]`
  /// @param edited logits `[prompt, d_vocab]` of the same prompts
  public static List<Double> of(Tensor unedited, Tensor edited) {
    return RowBlocks.each(
        edited,
        (start, count) -> {
          var p = unedited.narrow(0, start, count).to(DType.F64).softmax();
          var q = edited.narrow(0, start, count).to(DType.F64).softmax();
          var difference = p.plus(EPSILON).log().minus(q.plus(EPSILON).log());
          return p.times(difference).sum(1).toDoubles();
        });
  }
}
