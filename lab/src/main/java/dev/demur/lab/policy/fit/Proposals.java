package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;

/// The differences of means that a fit chooses among, and the prompts it chooses on.
///
/// @param harmful means of harmful prompts
/// @param harmless means of harmless prompts
/// @param harmfulAsked harmful validation prompts
/// @param harmlessAsked harmless validation prompts
record Proposals(
    Tensor harmful, Tensor harmless, List<TokenIds> harmfulAsked, List<TokenIds> harmlessAsked) {

  /// Reads the prompts. Tensors belong to the caller's innermost scope.
  static Proposals of(ChatModel model, FitSets sets) {
    return new Proposals(
        means(model, sets.harmful()),
        means(model, sets.harmless()),
        tokens(model, FitSets.validation(sets.harmful())),
        tokens(model, FitSets.validation(sets.harmless())));
  }

  private static Tensor means(ChatModel model, List<String> set) {
    return PromptActivations.means(model, tokens(model, FitSets.train(set)), HookPlan.none());
  }

  /// Instructions as the model reads them.
  static List<TokenIds> tokens(ChatModel model, List<String> instructions) {
    return instructions.stream().map(one -> model.prompt(one).tokens()).toList();
  }

  CandidateGrid grid() {
    return CandidateGrid.between(harmful, harmless);
  }

  /// What to say where the rules leave no candidate.
  static IllegalArgumentException none(SelectionRules rules) {
    return new IllegalArgumentException(
        "no candidate is early enough and leaves harmless answers as they are (KL at most "
            + rules.klLimit()
            + ")");
  }
}
