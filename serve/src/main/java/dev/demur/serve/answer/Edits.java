package dev.demur.serve.answer;

import dev.demur.lab.policy.LiveThought;
import dev.demur.model.hook.HookPlan;
import java.util.function.IntConsumer;

/// What is done to the model, answer by answer. Safe for use by several threads.
@FunctionalInterface
public interface Edits {

  /// The edits of one more answer.
  ///
  /// @param start what stands before its first token
  Own next(LiveThought.Start start);

  /// The edits of one answer.
  ///
  /// @param plan answers with the same object are edited together
  /// @param heard hears of every token of the answer before it is run, on the engine's thread
  record Own(HookPlan plan, IntConsumer heard) {}

  /// The same plan for every answer.
  static Edits always(HookPlan plan) {
    var own = new Own(plan, _ -> {});
    return _ -> own;
  }
}
