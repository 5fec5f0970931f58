package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.row.TokenStep;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.SeparatePlans;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Runs tokens of several sequences in one pass, each under its own plan. Where all have the same,
/// the pass runs under that one. A few tokens go through kernels for that.
final class Passes {

  private final Transformer transformer;
  private final KvCache cache;

  /// Runs passes of a few tokens, where there are kernels for it.
  private final Optional<TokenStep> step;

  private List<HookPlan> lastPlans = List.of();
  private List<Integer> lastNames = List.of();
  private Optional<SeparatePlans> lastTogether = Optional.empty();

  Passes(Transformer transformer, KvCache cache) {
    this.transformer = transformer;
    this.cache = cache;
    this.step = TokenStep.of(transformer);
  }

  /// Which rows of a pass are wanted.
  enum Wanted {
    LAST_ROWS,
    EVERY_ROW
  }

  /// Tokens of a sequence that a pass runs.
  ///
  /// @param slot of the cache, which the tokens are appended to
  /// @param first position of the first, counted from the end of the prompt
  record Stretch(Sequence sequence, int slot, TokenIds tokens, int first) {

    /// Whether it belongs to a prompt, and not to an answer.
    boolean isOfPrompt() {
      return first < 0;
    }
  }

  /// How many tokens of prompts a pass reads at best. Kernels also read long prompts faster than
  /// libtorch, but for those of float32 matrices.
  Unread.Room room() {
    int best = transformer.policy().batchTokens();
    int kernels = step.map(TokenStep::most).orElse(1);
    if (kernels == 1) { // the step of one sequence alone
      return new Unread.Room(best, best);
    }
    boolean plain = transformer.dtype() == DType.F32;
    return new Unread.Room(Math.min(best, kernels), plain ? best : Math.min(best, kernels));
  }

  /// Whether prompts are best read in the pass that writes: the weights are then read once for
  /// both.
  boolean suitsTogether(List<Stretch> stretches) {
    int tokens = stretches.stream().mapToInt(stretch -> stretch.tokens.size()).sum();
    return step.isPresent()
        && tokens <= step.get().most()
        && cache.holdsBeginnings() // so that a pass that failed can be run once more
        && stretches.stream().allMatch(stretch -> TokenStep.sees(stretch.sequence.plan()));
  }

  /// Appends tokens to slots. Sequences whose plan throws are failed.
  ///
  /// @return normalised final stream, `[sequences, d_model]` or, of every row, `[tokens, d_model]`
  Tensor run(List<Stretch> stretches, Wanted wanted) {
    var plans = stretches.stream().map(stretch -> stretch.sequence.plan()).toList();
    var names = stretches.stream().map(stretch -> stretch.sequence.name()).toList();
    if (plans.stream().allMatch(plan -> plan == plans.getFirst())) {
      return run(stretches, names, plans.getFirst(), wanted);
    }
    var separate = separate(plans, names);
    var places = IntStream.range(0, stretches.size()).boxed().toList();
    var rows = run(stretches, places, separate.plan(), wanted);
    for (int i = 0; i < stretches.size(); i++) {
      var failure = separate.failure(i);
      if (failure.isPresent()) {
        stretches.get(i).sequence.fail(failure.get());
        lastTogether = Optional.empty(); // a plan that failed is not followed again
      }
    }
    return rows;
  }

  /// The batch is the same for many passes.
  private SeparatePlans separate(List<HookPlan> plans, List<Integer> names) {
    if (lastTogether.isEmpty() || !names.equals(lastNames) || !isSame(plans, lastPlans)) {
      lastPlans = plans;
      lastNames = names;
      lastTogether = Optional.of(new SeparatePlans(plans, names));
    }
    return lastTogether.get();
  }

  private static boolean isSame(List<HookPlan> some, List<HookPlan> others) {
    return some.size() == others.size()
        && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
  }

  private Tensor run(List<Stretch> stretches, List<Integer> names, HookPlan plan, Wanted wanted) {
    var rows =
        Rows.from(
            names,
            stretches.stream().map(stretch -> stretch.tokens.size()).toList(),
            stretches.stream().map(Stretch::first).toList());
    var slots = stretches.stream().map(Stretch::slot).toList();
    var ids = stretches.stream().flatMapToInt(stretch -> stretch.tokens.stream());
    return run(new Pass(rows, new Past.Slots(cache, slots), plan), Tensor.ofIndices(ids), wanted);
  }

  private Tensor run(Pass pass, Tensor ids, Wanted wanted) {
    var embedded = transformer.embed(ids, pass);
    if (step.isPresent() && step.get().suits(pass)) {
      var rows = transformer.normalised(step.get().stream(embedded, pass), pass);
      boolean all = wanted == Wanted.EVERY_ROW || pass.rows().tokens() == pass.rows().size();
      return all ? rows : rows.rows(Tensor.ofIndices(pass.rows().lastRows()));
    }
    return switch (wanted) {
      case LAST_ROWS -> transformer.lastRows(embedded, 0, pass);
      case EVERY_ROW ->
          transformer.normalised(
              transformer.stream(embedded, 0, transformer.config().nLayers(), pass), pass);
    };
  }

  /// Reads what prompts begin with into a slot of its own.
  void begin(int slot, TokenIds beginning, HookPlan plan) {
    var pass =
        new Pass(
            Rows.beginning(List.of(0), beginning.size()),
            new Past.Slots(cache, List.of(slot)),
            plan);
    run(pass, Tensor.ofIndices(beginning.stream()), Wanted.LAST_ROWS);
  }
}
