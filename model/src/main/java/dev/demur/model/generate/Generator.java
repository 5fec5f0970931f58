package dev.demur.model.generate;

import dev.demur.model.arch.Transformer;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.ContextLimit;
import dev.demur.model.text.TokenIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/// Writes completions of prompts that are known from the start, many at a time, on the caller's
/// thread. It drives the same loop as an [Engine].
///
/// A plan's edits see prompt and answer as in any other pass: positions count from the end of the
/// prompt, so the first token written is at 0. The same plan writes the same text, whether prompts
/// are completed together, alone or token by token.
///
/// An answer ends where the model's context does, as if its length had been reached; a prompt that
/// leaves no room for one token is refused ([ContextLimit]).
public final class Generator {

  private final Transformer transformer;
  private final GenerationOptions options;
  private final HookPlan plan;
  private final ContextLimit limit;

  /// @param transformer the model
  /// @param options how long and how to generate
  /// @param plan edits and probes of every pass
  public Generator(Transformer transformer, GenerationOptions options, HookPlan plan) {
    this.transformer = transformer;
    this.options = options;
    this.plan = plan;
    this.limit = transformer.limit();
  }

  /// A completion and whose it is.
  ///
  /// @param prompt index of the prompt
  public record Finished(int prompt, Completion completion) {}

  /// Completes every prompt. What all begin with is read once.
  ///
  /// @param finished receives each completion as it ends, in order of ending
  /// @return completions in the prompts' order
  public List<Completion> complete(List<TokenIds> prompts, Consumer<Finished> finished) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    limit.requireAnswerable(prompts);
    var waiting = new Waiting(prompts.size());
    var answers = new ArrayList<Answer>();
    Deque<Answer> over = new ArrayDeque<>();
    for (int i = 0; i < prompts.size(); i++) {
      var answer = new Answer(i, over);
      answers.add(answer);
      waiting.add(sequence(prompts.get(i), answer));
    }
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var loop = loop(prompts, waiting);
      while (loop.hasWork()) {
        loop.turn();
        while (!over.isEmpty()) {
          var answer = over.remove();
          finished.accept(new Finished(answer.prompt, answer.completion()));
        }
      }
      return answers.stream().map(Answer::completion).toList();
    }
  }

  private Loop loop(List<TokenIds> prompts, Waiting waiting) {
    int longest = prompts.stream().mapToInt(TokenIds::size).max().orElseThrow();
    int capacity = Math.min(longest + options.maxNewTokens(), limit.tokens());
    var size = new Loop.Size(transformer.cacheType(), slots(prompts.size(), capacity), 1, capacity);
    var loop = new Loop(transformer, size, Pace.ofList(), waiting, new Tally());
    int shared = new Forward(transformer).sharedPrefix(prompts, plan);
    if (shared > 0) {
      loop.begin(prompts.getFirst().slice(0, shared), plan);
    }
    return loop;
  }

  /// How many sequences are written at once, of which each has keys and values to keep, when each
  /// may become so long.
  private int slots(int prompts, int capacity) {
    long bytes = transformer.cacheBytes(transformer.cacheType(), capacity);
    long most =
        Math.min(options.batchSize(), Math.max(1, transformer.policy().cacheBytes() / bytes));
    return Math.toIntExact(Math.min(most, prompts));
  }

  private Sequence sequence(TokenIds prompt, Answer answer) {
    var request =
        new Request(
            prompt,
            plan,
            options.sampler(),
            options.stopTokens(),
            options.maxNewTokens(),
            OptionalInt.empty(),
            Request.Echo.NOTHING);
    int most = limit.answer(prompt, options.maxNewTokens());
    return new Sequence(request, answer, most).called(answer.prompt);
  }

  /// Completes one prompt and shows each token as it is written.
  ///
  /// @param token receives each id before the next is computed; returns whether to continue
  public Completion stream(TokenIds prompt, IntPredicate token) {
    limit.requireAnswerable(List.of(prompt));
    var answer = new Answer(0, new ArrayDeque<>());
    var waiting = new Waiting(1);
    waiting.add(sequence(prompt, answer));
    int capacity = prompt.size() + limit.answer(prompt, options.maxNewTokens());
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var size = new Loop.Size(transformer.dtype(), 1, 0, capacity);
      var loop = new Loop(transformer, size, Pace.ofList(), waiting, new Tally());
      int shown = 0;
      while (loop.hasWork()) {
        loop.turn();
        for (; shown < answer.tokens.size(); shown++) {
          if (!token.test(answer.tokens.get(shown))) {
            var seen = TokenIds.of(answer.tokens.subList(0, shown + 1));
            return new Completion(seen, Completion.End.LENGTH);
          }
        }
      }
      return answer.completion();
    }
  }

  /// Gathers one prompt's answer.
  private static final class Answer implements Listener {
    private final int prompt;
    private final Deque<Answer> over;
    private final List<Integer> tokens = new ArrayList<>();
    private Optional<Completion.End> end = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();

    /// @param over receives this answer when it has ended
    Answer(int prompt, Deque<Answer> over) {
      this.prompt = prompt;
      this.over = over;
    }

    @Override
    public void token(Written token) {
      tokens.add(token.id());
    }

    @Override
    public void ended(Completion.End how) {
      end = Optional.of(how);
      over.add(this);
    }

    @Override
    public void failed(RuntimeException reason) {
      failure = Optional.of(reason);
      over.add(this);
    }

    /// @throws RuntimeException what went wrong, if something did
    Completion completion() {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return new Completion(TokenIds.of(tokens), end.orElseThrow());
    }
  }
}
