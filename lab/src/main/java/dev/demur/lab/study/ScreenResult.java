package dev.demur.lab.study;

import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Rate;
import java.util.List;
import java.util.Optional;

/// What the unedited model does with the drawn prompts.
///
/// @param tokens the tokens refusals open with
/// @param sets the four drawn sets
/// @param harmfulRefusals share of harmful validation prompts whose completion the substring judge
///   calls a refusal
/// @param harmlessRefusals the same for harmless validation prompts
/// @param agreement share of validation prompts on which score and judge agree
public record ScreenResult(
    RefusalTokens tokens,
    List<ScreenedSet> sets,
    Rate harmfulRefusals,
    Rate harmlessRefusals,
    Rate agreement) {

  public ScreenResult {
    sets = List.copyOf(sets);
  }

  /// One drawn set after screening.
  ///
  /// @param role what it was drawn for
  /// @param scores refusal score of every drawn prompt, nats
  /// @param kept places of the prompts that stay: harmful > 0, harmless < 0, strictly
  public record ScreenedSet(Role role, List<Double> scores, List<Integer> kept) {
    public ScreenedSet {
      scores = List.copyOf(scores);
      kept = List.copyOf(kept);
    }
  }

  /// Why there is no behaviour to study, when there is not.
  public Optional<String> objection() {
    return ScreenPrompts.objection(this);
  }

  /// The set drawn for a role.
  public ScreenedSet set(Role role) {
    return sets.stream().filter(s -> s.role() == role).findFirst().orElseThrow();
  }
}
