package dev.demur.lab.explain;

import dev.demur.lab.policy.Policy;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Set;

/// Activation patching of single prompts: puts back what heads did at the last token of an unedited
/// pass into a pass that a policy, or a suffix, has changed.
///
/// Source of the technique: see [CausalChecks], which does it over sets of prompts.
public final class Restoring {

  private final ChatModel model;
  private final Tensor unit;
  private final Set<Integer> tokens;
  private final int heads;

  /// @param unit r̂, `[d_model]`: the heads that write most along it are put back
  /// @param tokens ids whose chance together is told
  /// @param heads how many heads
  /// @throws IllegalArgumentException if a layer of the model has no attention
  public Restoring(ChatModel model, Tensor unit, Set<Integer> tokens, int heads) {
    model.transformer().requireAttention("an explanation");
    this.model = model;
    this.unit = unit;
    this.tokens = Set.copyOf(tokens);
    this.heads = heads;
  }

  /// What came of it. Scores are those of [RefusalScore], of the tokens asked for.
  ///
  /// @param before score of the unedited pass
  /// @param after score of the changed pass
  /// @param together score with all the heads put back
  /// @param heads those that write most along r̂, most first
  public record Restored(double before, double after, double together, List<Head> heads) {
    public Restored {
      heads = List.copyOf(heads);
    }
  }

  /// One head.
  ///
  /// @param written what it writes along r̂ at the last token of the unedited pass, stream units
  /// @param score of the changed pass with this head put back
  public record Head(int layer, int head, double written, double score) {}

  /// Puts heads of one prompt's unedited pass into another pass.
  ///
  /// @param from whose heads are put back
  /// @param into the other prompt, or the same
  /// @param policy under which it runs
  public Restored restore(Prompt from, Prompt into, Policy policy) {
    var reading =
        new DirectionReader(model, unit, tokens, 1)
            .read("unedited", List.of(0), List.of(from))
            .getFirst();
    var strongest = reading.strongestHeads(heads);
    try (var recording = Recording.of(model, from.tokens())) {
      var all = new Patch(Patch.Kind.ALL_HEADS, 0, 0);
      return new Restored(
          reading.score(),
          score(into.tokens(), policy, HookPlan.none()),
          score(into.tokens(), policy, plan(recording, all, into, strongest)),
          strongest.stream()
              .map(
                  head -> {
                    var patch = new Patch(Patch.Kind.HEAD, head.layer(), head.head());
                    return new Head(
                        head.layer(),
                        head.head(),
                        reading.share(head),
                        score(into.tokens(), policy, plan(recording, patch, into, strongest)));
                  })
              .toList());
    }
  }

  private HookPlan plan(Recording recording, Patch patch, Prompt into, List<Component> heads) {
    return recording.plan(patch, into.tokens(), heads, model.config().nLayers());
  }

  private double score(TokenIds ids, Policy policy, HookPlan patch) {
    try (var _ = Scope.open()) {
      var plan = policy.plan(model.config().nLayers()).then(patch);
      return RefusalScore.of(model.forward().lastLogits(List.of(ids), plan), tokens).getFirst();
    }
  }
}
