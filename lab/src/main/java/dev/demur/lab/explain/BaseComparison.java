package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Reads the same instructions in a chat model and in its base.
///
/// Source: Arditi et al. 2024, section 5: base models show nearly the same cosine with the chat
/// model's direction, though they do not refuse.
final class BaseComparison {

  private final ChatModel chat;
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
          String.format(
              Locale.ROOT,
              "%s is not the base of %s: it has %d layers of width %d and %d tokens, expected %d,"
                  + " %d and %d",
              base.name(),
              chat.name(),
              base.config().nLayers(),
              base.config().dModel(),
              base.config().dVocab(),
              chat.config().nLayers(),
              chat.config().dModel(),
              chat.config().dVocab()));
    }
    this.chat = chat;
    this.base = base;
    this.direction = direction;
    this.refusalTokens = tokens;
  }

  /// @param harmful instructions that show the behaviour
  /// @param harmless instructions that do not
  BaseResult run(BaseReading reading, BasePrompts harmful, BasePrompts harmless) {
    try (var _ = Scope.open()) {
      var points = new ArrayList<BaseResult.Point>();
      addPoints(points, harmful);
      addPoints(points, harmless);
      return new BaseResult(
          base.name(),
          reading,
          points,
          List.of(
              effect(Variant.ABLATION, harmful.base(), Policy.ablation(direction)),
              effect(Variant.ADDITION, harmless.base(), Policy.addition(direction, 1))));
    }
  }

  private void addPoints(List<BaseResult.Point> points, BasePrompts prompts) {
    var inChat = read(chat, prompts.condition(), prompts.chat());
    var inBase = read(base, prompts.condition(), prompts.base());
    for (int l = 0; l <= base.config().nLayers(); l++) {
      int layer = l;
      points.add(
          new BaseResult.Point(
              prompts.condition(),
              layer,
              estimate(inChat, row -> row.cosine(-1, layer)),
              estimate(inBase, row -> row.cosine(-1, layer))));
    }
  }

  private List<PromptReading> read(ChatModel model, String condition, List<Prompt> prompts) {
    var indices = IntStream.range(0, prompts.size()).boxed().toList();
    return new DirectionReader(model, direction.unit(), refusalTokens, 1)
        .read(condition, indices, prompts);
  }

  private BaseResult.Effect effect(Variant variant, List<Prompt> prompts, Policy policy) {
    var before = scores(prompts, HookPlan.none());
    var after = scores(prompts, policy.plan(base.config().nLayers()));
    return new BaseResult.Effect(variant, Estimate.of(before), Estimate.ofChange(before, after));
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
