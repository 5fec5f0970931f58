package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.StudyConfig.Grid;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Chooses a place among candidates as a study does, for other work that needs one.
///
/// @param model the model
/// @param rules which candidates can be chosen
/// @param refusalTokens ids that open a refusal
/// @param store remembers scores
/// @param progress receives every candidate
public record PlaceSelection(
    ChatModel model,
    SelectionRules rules,
    Set<Integer> refusalTokens,
    RunStore store,
    Progress progress) {

  /// Scores the candidates that can be chosen, and chooses.
  ///
  /// @param grid the candidates
  /// @param target validation prompts that show the behaviour
  /// @param contrast validation prompts that do not
  /// @param inputs what decides the scores besides the rules and the tokens: model and prompts
  public Selection of(
      CandidateGrid grid, List<TokenIds> target, List<TokenIds> contrast, List<Object> inputs)
      throws IOException {
    try (var _ = Scope.open()) {
      var forward = model.forward();
      var validation =
          new CandidatePasses.Validation(
              target, contrast, forward.lastLogits(contrast, HookPlan.none()));
      var race =
          CandidateRace.of(
              grid,
              rules,
              Grid.PRUNED,
              validation,
              part -> new CandidatePasses(forward, grid, refusalTokens, part));
      List<Object> all =
          List.of(inputs, rules, Grid.PRUNED, refusalTokens.stream().sorted().toList());
      var scored = store.get(new ScoreCandidates(all, grid, race), progress);
      return Selection.of(scored.stream().map(ScoredCandidate::scores).toList(), rules);
    }
  }
}
