package dev.demur.lab.behaviour;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.Progress;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Summary;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Forward;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Where a model's direction is read when nobody says: the study's selection, shortened. Only the
/// middle layers are looked at, on some of the prompts that are read, and induce is left out.
final class PlaceChoice {

  /// Prompts of each kind a candidate is scored on; two passes each.
  private static final int PROMPTS = 16;

  private final Forward forward;
  private final CandidateGrid grid;
  private final Set<Integer> refusalTokens;
  private final List<TokenIds> harmful;
  private final List<TokenIds> harmless;
  private final Tensor unedited;
  private final SelectionRules rules = SelectionRules.paper();

  PlaceChoice(ChatModel model, BehaviourPrompts prompts, Streams streams) {
    this.forward = model.forward();
    this.grid = streams.grid();
    this.refusalTokens =
        RefusalTokens.find(streams.harmfulLogits(), streams.harmlessLogits()).ids();
    this.harmful = some(model, prompts.readHarmful());
    this.harmless = some(model, prompts.readHarmless());
    this.unedited = streams.harmlessLogits().narrow(0, 0, harmless.size());
  }

  private static List<TokenIds> some(ChatModel model, Sample sample) {
    var first = IntStream.range(0, Math.min(PROMPTS, sample.size())).boxed().toList();
    return Streams.tokensOf(model, sample.keep(first));
  }

  /// The place with the smallest bypass score among those that leave harmless answers alone.
  Optional<Candidate> best(Progress progress) {
    var middle = RetainedGap.middle(grid.layers());
    var candidates =
        grid.candidates().stream()
            .filter(c -> middle.contains(c.layer()) && !grid.isNoise(c))
            .toList();
    var rows = new ArrayList<CandidateScores>();
    try (var task = progress.start("choose a place", candidates.size())) {
      for (var candidate : candidates) {
        try (var _ = Scope.open()) {
          rows.add(score(candidate));
        }
        task.advance(1);
      }
    }
    return Selection.of(rows, rules).chosen().map(CandidateScores::candidate);
  }

  private CandidateScores score(Candidate candidate) {
    var ablation = Policy.ablation(grid.direction(candidate)).plan(grid.layers());
    double kl = Summary.mean(KlDivergence.of(unedited, forward.lastLogits(harmless, ablation)));
    boolean preserves = kl <= rules.klLimit();
    Optional<Double> bypass =
        preserves
            ? Optional.of(
                Summary.mean(RefusalScore.of(forward.lastLogits(harmful, ablation), refusalTokens)))
            : Optional.empty();
    return new CandidateScores(
        candidate,
        grid.at(candidate).norm(),
        bypass,
        Optional.empty(),
        Optional.of(kl),
        preserves ? Verdict.ELIGIBLE : Verdict.KL_TOO_HIGH);
  }
}
