package dev.demur.serve.registry;

import dev.demur.lab.policy.Policy;
import dev.demur.model.hook.HookPlan;
import java.util.LinkedHashMap;
import java.util.Map;

/// Plans of policies, one for each line, so that requests with the same policy are edited together.
/// A policy that remembers its prompt gets a plan for each request. Safe for use by several
/// threads.
///
/// Tensors of a plan belong to no scope but to the garbage collector: the engine may be in the
/// middle of a pass with a plan whose request has been given up.
final class Plans {

  private static final int KEPT = 64;

  private final int layers;
  private final Map<String, HookPlan> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HookPlan> eldest) {
          return size() > KEPT;
        }
      };

  /// @param layers of the model
  Plans(int layers) {
    this.layers = layers;
  }

  /// The plan of a policy whose names are the registry's.
  synchronized HookPlan of(Policy policy) {
    return policy.remembers() || policy.isNone()
        ? policy.plan(layers)
        : kept.computeIfAbsent(policy.toString(), _ -> policy.plan(layers));
  }
}
