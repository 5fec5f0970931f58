package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import java.util.Comparator;
import java.util.Set;

/// Finds a refusal direction by what its ablation does to refusals, and ablates it: the difference
/// of means that lowers the refusal score of harmful validation prompts most, with the paper's
/// limits on layer and KL. A study also asks what adding it does; this does not.
///
/// @param model the model
/// @param sets the prompts
public record BypassFit(ChatModel model, FitSets sets) {

  /// The fit. Its tensors belong to the caller's innermost scope.
  ///
  /// @param refusalTokens what the refusal score looks for
  /// @throws IllegalArgumentException if no candidate is within the limits
  public Fitted ablation(Set<Integer> refusalTokens) {
    var rules = SelectionRules.paper();
    var proposals = Proposals.of(model, sets);
    var grid = proposals.grid();
    var judge =
        new Comparison(model, proposals.harmfulAsked(), proposals.harmlessAsked(), refusalTokens);
    var best =
        grid.open(rules).stream()
            .map(c -> judge.of(Policy.ablation(grid.direction(c)), c.layer()))
            .filter(candidate -> candidate.kl() <= rules.klLimit())
            .min(Comparator.comparingDouble(Comparison.Candidate::score))
            .orElseThrow(() -> Proposals.none(rules));
    return new Fitted(best.policy(), judge.facts(best));
  }
}
