package dev.demur.model.generate;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.row.TokenStep;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.ContextLimit;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Writes completions, many at a time: sequences that end make room for the next in the queue.
///
/// A plan's edits see prompt and answer as in any other pass: positions count from the end of the
/// prompt, so the first token written is at 0. The same plan writes the same text, whether prompts
/// are completed together, alone or token by token.
///
/// An answer ends where the model's context does, as if its length had been reached; a prompt that
/// leaves no room for one token is refused ([ContextLimit]).
public final class Generator {

  /// Refilling waits until this share of a batch is free, so that prompts are read together.
  private static final int REFILL_SHARE = 4;

  private final Transformer transformer;
  private final GenerationOptions options;
  private final HookPlan plan;
  private final ContextLimit limit;

  /// Runs passes of one token of one sequence, where there are kernels for it.
  private final Optional<TokenStep> step;

  /// @param transformer the model
  /// @param options how long and how to generate
  /// @param plan edits and probes of every pass
  public Generator(Transformer transformer, GenerationOptions options, HookPlan plan) {
    this.transformer = transformer;
    this.options = options;
    this.plan = plan;
    this.limit = transformer.limit();
    this.step = TokenStep.of(transformer, plan);
  }

  /// Completes every prompt.
  ///
  /// @param finished receives each completion as it ends, in order of ending
  /// @return completions in the prompts' order
  public List<Completion> complete(List<TokenIds> prompts, Consumer<Finished> finished) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    limit.requireAnswerable(prompts);
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var batch = new Batch(prompts, finished);
      while (batch.hasWork()) {
        batch.refill();
        batch.step();
      }
      return List.copyOf(batch.completions);
    }
  }

  /// Completes one prompt and shows each token as it is written.
  ///
  /// @param token receives each id before the next is computed; returns whether to continue
  public Completion stream(TokenIds prompt, IntPredicate token) {
    limit.requireAnswerable(List.of(prompt));
    int most = limit.answer(prompt, options.maxNewTokens());
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var cache = transformer.cache(transformer.dtype(), 1, prompt.size() + most);
      var choice = options.sampler().start();
      var written = new ArrayList<Integer>();
      var next = prompt;
      while (true) {
        int id;
        try (var _ = Scope.open()) {
          int first = written.isEmpty() ? -prompt.size() : written.size() - 1;
          var rows = Rows.from(List.of(0), List.of(next.size()), List.of(first));
          id = choice.next(transformer, lastRows(cache, List.of(0), rows, next)).getFirst();
        }
        if (options.stopTokens().contains(id)) {
          return new Completion(TokenIds.of(written), Completion.End.STOP);
        }
        written.add(id);
        if (!token.test(id) || written.size() >= most) {
          return new Completion(TokenIds.of(written), Completion.End.LENGTH);
        }
        next = TokenIds.of(id);
      }
    }
  }

  /// A completion and whose it is.
  ///
  /// @param prompt index of the prompt
  public record Finished(int prompt, Completion completion) {}

  /// Appends tokens to slots and returns the normalised final stream of each one's last token.
  ///
  /// @param rows whose tokens these are, sequence `i` in `slots[i]`
  private Tensor lastRows(KvCache cache, List<Integer> slots, Rows rows, TokenIds tokens) {
    var pass = new Pass(rows, new Past.Slots(cache, slots), plan);
    var embedded = transformer.embed(Tensor.ofIndices(tokens.stream()), pass);
    if (rows.tokens() == 1 && step.isPresent()) {
      return transformer.normalised(step.get().stream(embedded, pass), pass);
    }
    return transformer.lastRows(embedded, 0, pass);
  }

  /// How many sequences are written at once, of which each has keys and values to keep, when each
  /// may become so long.
  private int slots(int prompts, int capacity) {
    long bytes = transformer.cacheBytes(transformer.cacheType(), capacity);
    long most =
        Math.min(options.batchSize(), Math.max(1, transformer.policy().cacheBytes() / bytes));
    return Math.toIntExact(Math.min(most, prompts));
  }

  /// The sequences being written; active ones fill the cache's first slots. Changed by every step.
  ///
  /// What all prompts begin with is read once, into the slot behind those, and copied from there.
  private final class Batch {
    private final List<TokenIds> prompts;
    private final Consumer<Finished> finished;
    private final List<Completion> completions = new ArrayList<>();
    private final List<Active> active = new ArrayList<>();
    private final KvCache cache;
    private final int slots;
    private final int shared;
    private final Sampler.Choice choice = options.sampler().start();
    private int queued;

    Batch(List<TokenIds> prompts, Consumer<Finished> finished) {
      this.prompts = prompts;
      this.finished = finished;
      int longest = prompts.stream().mapToInt(TokenIds::size).max().orElseThrow();
      int capacity = Math.min(longest + options.maxNewTokens(), limit.tokens());
      this.slots = slots(prompts.size(), capacity);
      this.shared = new Forward(transformer).sharedPrefix(prompts, plan);
      this.cache = transformer.cache(transformer.cacheType(), slots + 1, capacity);
      if (shared > 0) {
        try (var _ = Scope.open()) {
          var rows = Rows.beginning(List.of(0), shared);
          lastRows(cache, List.of(slots), rows, prompts.getFirst().slice(0, shared));
        }
      }
      var unwritten = new Completion(TokenIds.of(), Completion.End.LENGTH);
      prompts.forEach(_ -> completions.add(unwritten));
    }

    boolean hasWork() {
      return !active.isEmpty() || queued < prompts.size();
    }

    /// Reads the next prompts into free slots, as many at once as there is room for.
    void refill() {
      int free = slots - active.size();
      if (queued == prompts.size() || (free * REFILL_SHARE < slots && !active.isEmpty())) {
        return;
      }
      int last = queued + Math.min(free, prompts.size() - queued);
      while (queued < last) {
        read(last);
      }
      retire();
    }

    /// Reads queued prompts before `last` in one pass, as many as make a good batch.
    private void read(int last) {
      var slotIds = new ArrayList<Integer>();
      var reading = new ArrayList<Integer>();
      var tokens = TokenIds.of();
      while (queued < last
          && (tokens.isEmpty()
              || tokens.size() + own(queued).size() <= transformer.policy().batchTokens())) {
        int slot = active.size() + slotIds.size();
        cache.copy(slots, slot);
        slotIds.add(slot);
        tokens = tokens.plus(own(queued));
        reading.add(queued++);
      }
      var rows = Rows.of(reading, reading.stream().map(prompt -> own(prompt).size()).toList());
      try (var _ = Scope.open()) {
        var ids = choice.next(transformer, lastRows(cache, slotIds, rows, tokens));
        for (int i = 0; i < ids.size(); i++) {
          int prompt = reading.get(i);
          int most = limit.answer(prompts.get(prompt), options.maxNewTokens());
          active.add(new Active(prompt, most, ids.get(i)));
        }
      }
    }

    /// A prompt's tokens behind those all begin with.
    private TokenIds own(int prompt) {
      return prompts.get(prompt).slice(shared, prompts.get(prompt).size());
    }

    /// Writes one token of every active sequence.
    void step() {
      if (active.isEmpty()) {
        return;
      }
      try (var _ = Scope.open()) {
        var leading = IntStream.range(0, active.size()).boxed().toList();
        var tokens = TokenIds.of(active.stream().map(a -> a.next).toList());
        var rows =
            Rows.from(
                active.stream().map(a -> a.prompt).toList(),
                Collections.nCopies(active.size(), 1),
                active.stream().map(a -> a.written.size()).toList());
        var ids = choice.next(transformer, lastRows(cache, leading, rows, tokens));
        for (int i = 0; i < ids.size(); i++) {
          active.get(i).accept(ids.get(i));
        }
      }
      retire();
    }

    /// Takes ended sequences out; the last active one moves into the gap.
    private void retire() {
      for (int slot = 0; slot < active.size(); ) {
        var ended = active.get(slot).ended();
        if (ended.isEmpty()) {
          slot++;
          continue;
        }
        int prompt = active.get(slot).prompt;
        completions.set(prompt, ended.get());
        finished.accept(new Finished(prompt, ended.get()));
        var last = active.removeLast();
        if (slot < active.size()) {
          cache.copy(active.size(), slot);
          active.set(slot, last);
        }
      }
    }
  }

  /// One sequence being written.
  private final class Active {
    private final int prompt;
    private final int most;
    private final List<Integer> written = new ArrayList<>();
    private int next;

    Active(int prompt, int most, int first) {
      this.prompt = prompt;
      this.most = most;
      this.next = first;
    }

    void accept(int id) {
      written.add(next);
      next = id;
    }

    Optional<Completion> ended() {
      if (options.stopTokens().contains(next)) {
        return Optional.of(new Completion(TokenIds.of(written), Completion.End.STOP));
      }
      if (written.size() + 1 >= most) {
        var all = new ArrayList<>(written);
        all.add(next);
        return Optional.of(new Completion(TokenIds.of(all), Completion.End.LENGTH));
      }
      return Optional.empty();
    }
  }
}
