package dev.demur.lab.explain;

import dev.demur.lab.stats.Estimate;
import java.util.List;

/// What intervening shows of a suffix: how much of what it took away comes back when single
/// activations are what they are without it.
///
/// @param condition the condition that was intervened on
/// @param prompts how many prompts
/// @param lostScore refusal score, plain minus condition, nats
/// @param lostProjection projection at the readout, plain minus condition
/// @param rows one for each intervention
public record CausalResult(
    String condition,
    int prompts,
    Estimate lostScore,
    Estimate lostProjection,
    List<CausalRow> rows) {

  public CausalResult {
    rows = List.copyOf(rows);
  }

  /// One intervention.
  ///
  /// @param patch what was done
  /// @param score change of the refusal score by it, nats; positive brings refusal back
  /// @param projection change of the projection at the readout
  /// @param scoreBack mean score brought back as a share of the mean lost
  /// @param projectionBack the same of the projection
  /// @param verdict whether attribution and intervention agree
  public record CausalRow(
      Patch patch,
      Estimate score,
      Estimate projection,
      double scoreBack,
      double projectionBack,
      Verdict verdict) {}

  /// Whether what attribution suggests survives intervention.
  public enum Verdict {
    /// It writes less under the condition, and restoring it brings score or projection back.
    SURVIVES,
    /// It writes less under the condition, yet restoring it takes score and projection further
    /// away, both beyond chance.
    DOES_NOT_SURVIVE,
    /// It writes less under the condition. Restoring it brings neither back beyond chance, and an
    /// interval covers 0: these prompts do not tell whether it would.
    NOT_SHOWN,
    /// It writes no less under the condition, so attribution suggests nothing.
    NOT_SUGGESTED,
    /// Not about a single head, so attribution has no say.
    NOT_APPLICABLE
  }
}
