package dev.demur.lab.behaviour;

import dev.demur.lab.audit.ParentResult;

/// How much of the parent's refusal direction is gone: one number out of the weights and one out of
/// the streams, in the same unit.
///
/// *Weights*: writers changed by W − λ u uᵀ W leave r̂ᵀ (I − λ u uᵀ) r̂ = 1 − λ cos² of what was
/// written along r̂, so λ cos² of it is gone; λ is the mean over all writers, unchanged ones
/// counting 0. *Streams*: 1 − ρ. Each is cut to 0 to 1.
///
/// The two estimate one quantity, so that adding or multiplying them would count one loss twice;
/// the larger one is taken, since either can be blind: weights to a loss that training spread over
/// many directions, streams to an edit behind the middle layers.
///
/// @param byWeights 0 to 1
/// @param byStreams 0 to 1
/// @param combined the larger of the two: 0 all of the direction is there, 1 none of it
public record LostShare(double byWeights, double byStreams, double combined) {

  /// @param weights the comparison with the parent, made with its direction
  /// @param gap the retained gap along the same direction
  public static LostShare of(ParentResult weights, RetainedGap gap) {
    var kinds = weights.kinds().subList(0, weights.kinds().size() - 1); // the last are no writers
    int writers = kinds.stream().mapToInt(ParentResult.KindRow::tensors).sum();
    double strength =
        weights.writers().stream().mapToDouble(ParentResult.DeltaRow::strength).sum()
            / Math.max(1, writers);
    double cosine = weights.cosine().orElse(0.0);
    double byWeights = Math.clamp(strength * cosine * cosine, 0.0, 1.0);
    double byStreams = Math.clamp(1 - gap.ratio(), 0.0, 1.0);
    return new LostShare(byWeights, byStreams, Math.max(byWeights, byStreams));
  }
}
