package dev.demur.lab.policy.fit;

import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Summary;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares candidates on validation prompts: what they do to refusal, and what they cost.
final class Comparison {

  private final ChatModel model;
  private final List<TokenIds> asked;
  private final List<TokenIds> harmless;
  private final Set<Integer> refusalTokens;
  private final double before;
  private final Tensor unedited;

  /// A policy and what it does to validation prompts.
  ///
  /// @param policy the policy
  /// @param layer it acts from
  /// @param score mean refusal score of the prompts that are asked
  /// @param kl mean KL on harmless prompts, nats
  record Candidate(Policy policy, int layer, double score, double kl) {}

  /// @param asked prompts whose refusal score is compared
  /// @param harmless prompts whose answers should not change
  /// @param refusalTokens what the refusal score looks for
  Comparison(
      ChatModel model, List<TokenIds> asked, List<TokenIds> harmless, Set<Integer> refusalTokens) {
    this.model = model;
    this.asked = List.copyOf(asked);
    this.harmless = List.copyOf(harmless);
    this.refusalTokens = refusalTokens;
    this.before = score(HookPlan.none());
    this.unedited = model.forward().lastLogits(this.harmless, HookPlan.none());
  }

  private double score(HookPlan plan) {
    try (var _ = Scope.open()) {
      return Summary.mean(RefusalScore.of(model.forward().lastLogits(asked, plan), refusalTokens));
    }
  }

  /// Mean refusal score of the prompts that are asked, under a policy.
  double score(Policy policy) {
    return score(policy.plan(model.config().nLayers()));
  }

  Candidate of(Policy policy, int layer) {
    var plan = policy.plan(model.config().nLayers());
    try (var _ = Scope.open()) {
      var kl = KlDivergence.of(unedited, model.forward().lastLogits(harmless, plan));
      return new Candidate(policy, layer, score(plan), Summary.mean(kl));
    }
  }

  Map<String, Object> facts(Candidate chosen) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("layer", chosen.layer());
    facts.put("score_before", before);
    facts.put("score_after", chosen.score());
    facts.put("kl_on_harmless", chosen.kl());
    return facts;
  }
}
