package dev.demur.lab.policy.fit;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.stats.Summary;
import dev.demur.lab.steer.Cosmic;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Map;

/// Finds a refusal direction by the stream alone, and ablates it: [Cosmic] over all candidates that
/// are early enough and leave harmless answers about as they are. It needs neither a direction nor
/// tokens that open a refusal.
///
/// @param model the model
/// @param sets the prompts
public record CosmicFit(ChatModel model, FitSets sets) {

  /// A candidate with its scores.
  private record Scored(Candidate candidate, Direction direction, double score, double kl) {}

  /// The fit. Its tensors belong to the caller's innermost scope.
  ///
  /// @throws IllegalArgumentException if no candidate passes the filters
  public Fitted ablation() {
    var rules = SelectionRules.paper();
    var proposals = Proposals.of(model, sets);
    var grid = proposals.grid();
    var asked = proposals.harmlessAsked();
    var cosmic =
        new Cosmic(
            model.forward(),
            proposals.harmfulAsked(),
            asked,
            Cosmic.layers(last(proposals.harmful()), last(proposals.harmless())));
    var unedited = model.forward().lastLogits(asked, HookPlan.none());
    var best =
        grid.open(rules).stream()
            .map(c -> scored(c, grid.direction(c), cosmic, asked, unedited))
            .filter(scored -> scored.kl() <= rules.klLimit())
            .reduce((a, b) -> b.score() > a.score() ? b : a)
            .orElseThrow(() -> Proposals.none(rules));
    return new Fitted(
        Policy.ablation(best.direction()),
        Map.of(
            "layer", best.candidate().layer(),
            "position", best.candidate().position(),
            "score", best.score(),
            "kl_on_harmless", best.kl(),
            "compared_behind_layers", cosmic.layers()));
  }

  private Scored scored(
      Candidate candidate,
      Direction direction,
      Cosmic cosmic,
      List<TokenIds> asked,
      Tensor unedited) {
    try (var _ = Scope.open()) {
      var plan = Policy.ablation(direction).plan(model.config().nLayers());
      double kl = Summary.mean(KlDivergence.of(unedited, model.forward().lastLogits(asked, plan)));
      return new Scored(candidate, direction, cosmic.of(direction), kl);
    }
  }

  private static Tensor last(Tensor means) {
    return means.row(means.dim(0) - 1);
  }
}
