package dev.demur.lab.direction;

import java.util.Optional;

/// What is known of one candidate. A score is absent when an earlier filter had already ruled the
/// candidate out and the full grid was not asked for.
///
/// @param candidate where it was read
/// @param norm length of the difference of means, stream units
/// @param bypass mean refusal score on target prompts under ablation, nats; lower is better
/// @param induce mean refusal score on contrast prompts under addition, nats; must be ≥ 0
/// @param kl mean KL divergence on contrast prompts under ablation, nats; must be ≤ 0.1
/// @param cosmic score of COSMIC, −2 to 2, higher is better; absent unless it is what is chosen by
/// @param verdict whether it may be chosen, and if not, why
public record CandidateScores(
    Candidate candidate,
    double norm,
    Optional<Double> bypass,
    Optional<Double> induce,
    Optional<Double> kl,
    Optional<Double> cosmic,
    Verdict verdict) {

  /// The paper's three scores alone.
  public CandidateScores(
      Candidate candidate,
      double norm,
      Optional<Double> bypass,
      Optional<Double> induce,
      Optional<Double> kl,
      Verdict verdict) {
    this(candidate, norm, bypass, induce, kl, Optional.empty(), verdict);
  }

  /// The same with a score of COSMIC.
  public CandidateScores withCosmic(double score) {
    return new CandidateScores(candidate, norm, bypass, induce, kl, Optional.of(score), verdict);
  }

  /// Why a candidate may or may not be chosen.
  public enum Verdict {
    /// Passes every filter.
    ELIGIBLE,
    /// The prompt sets do not differ at this place.
    NOISE,
    /// Too close to the output: l ≥ int(0.8 L).
    TOO_LATE,
    /// Run on a part of the prompts, over which its scores are means, and left there: on all of
    /// them it would not be chosen, with high confidence (successive halving).
    DROPPED_EARLY,
    /// Ablating it changes harmless answers: KL above the limit.
    KL_TOO_HIGH,
    /// Adding it does not induce the behaviour.
    INDUCE_TOO_LOW,
    /// A score came out NaN or infinite.
    NOT_FINITE
  }
}
