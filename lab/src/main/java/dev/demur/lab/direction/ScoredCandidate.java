package dev.demur.lab.direction;

import dev.demur.lab.direction.CandidateScores.Verdict;
import java.util.List;

/// A candidate's scores with what each prompt contributed to them, so that they can be resampled
/// without running the model again.
///
/// @param scores the means, and the verdict
/// @param bypass refusal scores under ablation, one a target prompt, nats; empty where not scored
/// @param induce refusal scores under addition, one a contrast prompt, nats; empty where not scored
/// @param kl KL divergences, one a contrast prompt, nats; empty where not scored
public record ScoredCandidate(
    CandidateScores scores, List<Double> bypass, List<Double> induce, List<Double> kl) {

  public ScoredCandidate {
    bypass = List.copyOf(bypass);
    induce = List.copyOf(induce);
    kl = List.copyOf(kl);
  }

  /// Whether all three scores are there, of every prompt.
  boolean isComplete() {
    return scores.verdict() != Verdict.DROPPED_EARLY
        && !bypass.isEmpty()
        && !induce.isEmpty()
        && !kl.isEmpty();
  }
}
