package dev.demur.lab.map.effect;

import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import java.util.List;

/// What a model writes to prompts of a map, greedily.
public final class Written {

  private Written() {}

  /// @param plan edits on the way
  public static List<String> under(
      ChatModel model, HookPlan plan, List<MapPrompt> prompts, MapConfig.Writing writing) {
    var tokens = prompts.stream().map(prompt -> prompt.tokens(model)).toList();
    var options = model.greedy(writing.maxNewTokens(), writing.batch());
    return new Generator(model.transformer(), options, plan)
        .complete(tokens, _ -> {}).stream()
            .map(one -> model.tokenizer().decode(one.tokens()))
            .toList();
  }
}
