package dev.demur.lab.map;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// COSMIC's score of a direction, which needs no refusal tokens: how much ablation makes target
/// prompts look like contrast prompts, and addition contrast prompts like target prompts, at their
/// last token, in the tenth of the layers where the two are least alike.
///
/// Source: Siu et al. 2025 (arXiv 2506.00085).
final class Cosmic {

  /// Share of the layers that are compared.
  private static final double LOWEST = 0.1;

  private final ChatModel model;
  private final List<TokenIds> target;
  private final List<TokenIds> contrast;
  private final SelectionRules rules;
  private final List<Integer> layers;
  private final List<Double> targetMean;
  private final List<Double> contrastMean;

  Cosmic(ChatModel model, List<TokenIds> target, List<TokenIds> contrast, SelectionRules rules) {
    this.model = model;
    this.target = target;
    this.contrast = contrast;
    this.rules = rules;
    try (var _ = Scope.open()) {
      var bad = PromptActivations.of(model.forward(), target, 1, HookPlan.none()).values();
      var good = PromptActivations.of(model.forward(), contrast, 1, HookPlan.none()).values();
      int all = model.config().nLayers();
      // Layer 0 is the embedding of the same last token for all.
      this.layers =
          IntStream.range(1, all)
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                      (Integer layer) ->
                          cosine(means(bad, List.of(layer)), means(good, List.of(layer)))))
              .limit(Math.max(1, Math.round(LOWEST * all)))
              .toList();
      this.targetMean = means(bad, layers);
      this.contrastMean = means(good, layers);
    }
  }

  /// Both cosines together; NaN where ablation costs more KL than a place may.
  double score(Direction direction) {
    int all = model.config().nLayers();
    try (var _ = Scope.open()) {
      var forward = model.forward();
      var ablation = Policy.ablation(direction).plan(all);
      var unedited = forward.lastLogits(contrast, HookPlan.none());
      double kl =
          RefusalScore.mean(KlDivergence.of(unedited, forward.lastLogits(contrast, ablation)));
      if (!(kl <= rules.klLimit())) {
        return Double.NaN;
      }
      var ablated = PromptActivations.of(forward, target, 1, ablation).values();
      var added =
          PromptActivations.of(forward, contrast, 1, Policy.addition(direction, 1).plan(all))
              .values();
      return cosine(means(ablated, layers), contrastMean)
          + cosine(means(added, layers), targetMean);
    }
  }

  /// Mean streams of some layers behind each other.
  private static List<Double> means(Tensor values, List<Integer> layers) {
    var rows = Tensor.ofIndices(layers.stream().mapToInt(Integer::intValue));
    double[] all = values.to(DType.F64).mean(0).row(0).rows(rows).reshape(-1).toDoubles();
    return IntStream.range(0, all.length).mapToObj(i -> all[i]).toList();
  }

  private static double cosine(List<Double> one, List<Double> two) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < one.size(); i++) {
      product += one.get(i) * two.get(i);
      first += one.get(i) * one.get(i);
      second += two.get(i) * two.get(i);
    }
    return product / Math.sqrt(first * second);
  }
}
