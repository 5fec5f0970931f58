package dev.demur.lab.behaviour;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.steer.Intervention;
import dev.demur.lab.study.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Optional;

/// Where a model's direction is read when nobody says: the study's selection, shortened. Only the
/// middle layers are looked at, on the prompts that are read, and induce is left out.
final class PlaceChoice {

  private PlaceChoice() {}

  /// The place with the smallest bypass score among those that leave baseline answers alone.
  static Optional<Candidate> of(
      ChatModel model, BehaviourPrompts prompts, Streams streams, Progress progress) {
    var rules = SelectionRules.paper();
    var grid = streams.grid();
    var middle = RetainedGap.middle(grid.layers());
    var candidates =
        grid.candidates().stream()
            .filter(c -> middle.contains(c.layer()) && !grid.isNoise(c))
            .toList();
    var tokens = RefusalTokens.find(streams.targetLogits(), streams.baselineLogits());
    var rows = new ArrayList<CandidateScores>();
    try (var task = progress.start("choose a place", candidates.size())) {
      for (var candidate : candidates) {
        try (var _ = Scope.open()) {
          rows.add(score(model, prompts, streams, grid, candidate, tokens, rules));
        }
        task.advance(1);
      }
    }
    return Selection.of(rows, rules).chosen().map(CandidateScores::candidate);
  }

  private static CandidateScores score(
      ChatModel model,
      BehaviourPrompts prompts,
      Streams streams,
      CandidateGrid grid,
      Candidate candidate,
      RefusalTokens tokens,
      SelectionRules rules) {
    var forward = model.forward();
    var ablation = new Intervention.Ablation(grid.direction(candidate)).plan(grid.layers());
    var baseline = forward.lastLogits(Streams.tokensOf(model, prompts.readBaseline()), ablation);
    double kl = RefusalScore.mean(KlDivergence.of(streams.baselineLogits(), baseline));
    boolean late = candidate.layer() >= rules.firstPrunedLayer(grid.layers());
    if (late || kl > rules.klLimit()) {
      return row(
          grid, candidate, Optional.empty(), kl, late ? Verdict.TOO_LATE : Verdict.KL_TOO_HIGH);
    }
    var target = forward.lastLogits(Streams.tokensOf(model, prompts.readTarget()), ablation);
    double bypass = RefusalScore.mean(RefusalScore.of(target, tokens.ids()));
    return row(grid, candidate, Optional.of(bypass), kl, Verdict.ELIGIBLE);
  }

  private static CandidateScores row(
      CandidateGrid grid,
      Candidate candidate,
      Optional<Double> bypass,
      double kl,
      Verdict verdict) {
    return new CandidateScores(
        candidate, grid.at(candidate).norm(), bypass, Optional.empty(), Optional.of(kl), verdict);
  }
}
