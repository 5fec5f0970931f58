package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.Direction;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;

/// The direction of false refusal, without what it shares with true refusal.
///
/// Source: Wang et al. 2024 (arXiv 2410.03415), "Surgical, Cheap, and Flexible".
public final class Surgical {

  private Surgical() {}

  /// w − λ r̂ (r̂ᵀ w), w the difference of means between refused pseudo-harmful and harmless
  /// prompts, r the one between harmful and harmless prompts at the same place.
  ///
  /// @param pseudo refused though harmless, `[prompt, d_model]`
  /// @param harmful `[prompt, d_model]`
  /// @param harmless `[prompt, d_model]`
  /// @param lambda how much of r̂ is taken out; 1 takes all
  /// @param like gives the place
  /// @throws IllegalArgumentException if nothing but rounding noise is left
  public static Direction direction(
      Tensor pseudo, Tensor harmful, Tensor harmless, double lambda, Direction like) {
    var middle = harmless.to(DType.F64).mean(0);
    var w = pseudo.to(DType.F64).mean(0).minus(middle);
    var r = harmful.to(DType.F64).mean(0).minus(middle);
    double share = w.dotRows(r).item() / r.square().sum().item();
    return Direction.fromMeanDiff(w.minus(r.times(lambda * share)), like.source(), like.position());
  }
}
