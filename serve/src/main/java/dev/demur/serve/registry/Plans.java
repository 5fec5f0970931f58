package dev.demur.serve.registry;

import dev.demur.lab.policy.LiveThought;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.serve.answer.Edits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Plans of policies, one for each line, so that requests with the same policy are edited together.
/// A policy that remembers its prompt gets a plan for each request, one that asks where a thought
/// ends a plan for each answer. Safe for use by several threads.
///
/// Tensors of a plan belong to no scope but to the garbage collector: the engine may be in the
/// middle of a pass with a plan whose request has been given up.
final class Plans {

  private static final int KEPT = 64;

  private final ChatModel model;
  private final OptionalInt open;
  private final OptionalInt close;
  private final Map<String, HookPlan> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HookPlan> eldest) {
          return size() > KEPT;
        }
      };

  Plans(ChatModel model) {
    this.model = model;
    this.open = model.tokenizer().single(Prompting.OPEN);
    this.close = model.tokenizer().single(Prompting.CLOSE);
  }

  /// Makes sure that a policy asks nothing of the model that it does not do.
  ///
  /// @throws IllegalArgumentException if it asks where a thought ends, and the model marks none
  void requireThoughts(Policy policy) {
    if (policy.asksForThought() && (open.isEmpty() || close.isEmpty())) {
      throw new IllegalArgumentException(
          model.name()
              + " has no tokens "
              + Prompting.OPEN
              + " and "
              + Prompting.CLOSE
              + ", so rules for @thinking and @after-thinking cannot be placed; leave the span"
              + " out");
    }
  }

  /// The edits of a policy whose names are the registry's.
  Edits of(Policy policy) {
    return policy.asksForThought() ? start -> live(policy, start) : Edits.always(shared(policy));
  }

  private Edits.Own live(Policy policy, LiveThought.Start start) {
    var thought = new LiveThought(start, open.orElseThrow(), close.orElseThrow());
    return new Edits.Own(policy.planAlong(thought, model.config().nLayers()), thought::wrote);
  }

  private synchronized HookPlan shared(Policy policy) {
    int layers = model.config().nLayers();
    return policy.remembers() || policy.isNone()
        ? policy.plan(layers)
        : kept.computeIfAbsent(policy.toString(), _ -> policy.plan(layers));
  }
}
