package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.steer.Intervention;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Reads a chat model's prompts, in its template, in the base model.
///
/// Source: Arditi et al. 2024, section 5: base models show nearly the same cosine with the chat
/// model's direction, though they do not refuse.
final class BaseComparison {

  private final ChatModel base;
  private final Direction direction;
  private final Set<Integer> refusalTokens;

  /// @throws IllegalArgumentException if the base model has another shape
  BaseComparison(ChatModel chat, ChatModel base, Direction direction, Set<Integer> tokens) {
    boolean fits =
        base.config().dModel() == chat.config().dModel()
            && base.config().nLayers() == chat.config().nLayers()
            && base.config().dVocab() == chat.config().dVocab();
    if (!fits) {
      throw new IllegalArgumentException(
          "%s is not the base of %s: it has %d layers of width %d and %d tokens, expected %d, %d and %d"
              .formatted(
                  base.name(),
                  chat.name(),
                  base.config().nLayers(),
                  base.config().dModel(),
                  base.config().dVocab(),
                  chat.config().nLayers(),
                  chat.config().dModel(),
                  chat.config().dVocab()));
    }
    this.base = base;
    this.direction = direction;
    this.refusalTokens = tokens;
  }

  /// @param plain what the chat model's streams hold of refused prompts
  /// @param harmless the same of harmless ones
  BaseResult run(
      List<PromptReading> plain,
      List<Prompt> plainPrompts,
      List<PromptReading> harmless,
      List<Prompt> harmlessPrompts) {
    try (var _ = Scope.open()) {
      var points = new ArrayList<BaseResult.Point>();
      addPoints(points, "plain", plain, plainPrompts);
      addPoints(points, "harmless", harmless, harmlessPrompts);
      return new BaseResult(
          base.name(),
          points,
          List.of(
              effect("ablation", plainPrompts, new Intervention.Ablation(direction)),
              effect(
                  "actadd", harmlessPrompts, new Intervention.ActivationAddition(direction, 1))));
    }
  }

  private void addPoints(
      List<BaseResult.Point> points,
      String condition,
      List<PromptReading> chat,
      List<Prompt> prompts) {
    var indices = IntStream.range(0, prompts.size()).boxed().toList();
    var read =
        new DirectionReader(base, direction.unit(), refusalTokens, 1)
            .read(condition, indices, prompts);
    for (int l = 0; l <= base.config().nLayers(); l++) {
      int layer = l;
      points.add(
          new BaseResult.Point(
              condition,
              layer,
              estimate(chat, row -> row.cosine(-1, layer)),
              estimate(read, row -> row.cosine(-1, layer))));
    }
  }

  private BaseResult.Effect effect(String name, List<Prompt> prompts, Intervention intervention) {
    var before = scores(prompts, HookPlan.none());
    var after = scores(prompts, intervention.plan(base.config().nLayers()));
    return new BaseResult.Effect(name, Estimate.of(before), Estimate.ofChange(before, after));
  }

  private List<Double> scores(List<Prompt> prompts, HookPlan plan) {
    try (var _ = Scope.open()) {
      var tokens = prompts.stream().map(Prompt::tokens).toList();
      return RefusalScore.of(base.forward().lastLogits(tokens, plan), refusalTokens);
    }
  }

  private static Estimate estimate(
      List<PromptReading> rows, ToDoubleFunction<PromptReading> value) {
    return Estimate.of(rows.stream().map(value::applyAsDouble).toList());
  }
}
