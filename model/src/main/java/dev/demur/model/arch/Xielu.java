package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;

/// The expanded integral of the exponential linear unit, whose shape is trained: `αₚ x² + β x`
/// above 0, else `αₙ (exp(min(x, ε)) − 1 − x) + β x`.
///
/// Source: Huang and Schlag 2024 (arXiv 2411.13010) and `XIELUActivation` of transformers.
///
/// @param alphaP αₚ, after its softplus
/// @param alphaN αₙ, after its softplus and with β added
/// @param beta β
/// @param eps ε, below 0
public record Xielu(double alphaP, double alphaN, double beta, double eps) {

  /// Applies it to each number, in float32.
  Tensor apply(Tensor x) {
    var above = Neural.relu(x);
    var below = Neural.clamp(x, Double.NEGATIVE_INFINITY, 0);
    var bent = Neural.expm1(Neural.clamp(below, Double.NEGATIVE_INFINITY, eps)).minus(below);
    // Above 0 the second part is a constant, exp(ε) − 1, which has no place there.
    return above
        .times(above)
        .times(alphaP)
        .plus(bent.times(Neural.notAbove(x, 0)).times(alphaN))
        .plus(x.times(beta));
  }
}
