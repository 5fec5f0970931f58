package dev.demur.model.generate;

import dev.demur.model.arch.Transformer;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.ContextLengthException;
import dev.demur.model.text.ContextLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Writes for many at once: requests join and leave a running batch, each under its own plan and
/// with its own way of choosing tokens. One thread does all the work.
///
/// ```java
/// try (var engine = Engine.start(model.transformer(), EngineOptions.suiting(model.transformer(), 8))) {
///   var ticket = engine.submit(Request.of(prompt, model.stopTokens(), 64), listener);
/// }
/// ```
///
/// A request alone writes what it writes in a busy batch, up to the rounding of sums; its draws
/// come from its own seed. A request that fails, whose listener throws or that is cancelled leaves
/// the others as they are.
///
/// The model, and the tensors of a plan, must live until their requests have ended.
public final class Engine implements AutoCloseable {

  private final Transformer transformer;
  private final EngineOptions options;
  private final ContextLimit limit;
  private final Waiting waiting;
  private final Tally tally = new Tally();
  private final Thread thread;

  private Engine(
      Transformer transformer, EngineOptions options, CompletableFuture<Boolean> started) {
    this.transformer = transformer;
    this.options = options;
    this.limit = new ContextLimit(Math.min(options.context(), transformer.limit().tokens()));
    this.waiting = new Waiting(options.queue());
    this.thread = Thread.ofPlatform().name("engine").daemon(true).unstarted(() -> run(started));
  }

  /// Starts an engine. The caller closes it before the model.
  ///
  /// @throws RuntimeException if the memory of its slots cannot be had
  public static Engine start(Transformer transformer, EngineOptions options) {
    var started = new CompletableFuture<Boolean>();
    var engine = new Engine(transformer, options, started);
    engine.thread.start();
    try {
      started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return engine;
  }

  /// Takes a request, or refuses it at once. Any thread may call, a listener too.
  ///
  /// @param listener hears what comes of it; see there what it may do
  /// @throws EngineFullException if as many wait as may
  /// @throws EngineClosedException if the engine takes no more
  /// @throws ContextLengthException if the prompt leaves no room for an answer
  /// @throws IllegalArgumentException if the prompt has a token the model has not, or the plan
  ///   names a place it has not
  public Ticket submit(Request request, Listener listener) {
    requireFit(request);
    request.plan().points().forEach(transformer::require);
    int most = limit.answer(request.prompt(), request.maxNewTokens());
    var ticket = new Waiter(request, listener, most);
    tally.accepted(1);
    try {
      waiting.add(ticket.sequence);
    } catch (EngineFullException | EngineClosedException e) {
      tally.accepted(-1);
      throw e;
    }
    return ticket;
  }

  private void requireFit(Request request) {
    int vocab = transformer.config().dVocab();
    request.prompt().stream()
        .filter(id -> id >= vocab)
        .findFirst()
        .ifPresent(
            id -> {
              throw new IllegalArgumentException(
                  "the prompt has token " + id + "; this model's are 0 to " + (vocab - 1));
            });
    if (request.maxNewTokens() == 0) {
      limit.requireReadable(List.of(request.prompt()));
    } else {
      limit.requireAnswerable(List.of(request.prompt()));
    }
    var sampler = request.sampler();
    while (sampler instanceof Sampler.Adjusted adjusted) {
      for (int id : adjusted.bias().keySet()) {
        if (id < 0 || id >= vocab) {
          throw new IllegalArgumentException(
              "a bias names token " + id + "; this model's are 0 to " + (vocab - 1));
        }
      }
      sampler = adjusted.chosen();
    }
  }

  /// What it is doing.
  public EngineState state() {
    return tally.state(waiting.size(), options.slots());
  }

  /// How large it is.
  public EngineOptions options() {
    return options;
  }

  /// The longest sequence it takes.
  public ContextLimit limit() {
    return limit;
  }

  /// Takes no more requests and waits until those it has are done.
  ///
  /// @param most how long to wait
  /// @return whether all are done
  public boolean drain(Duration most) {
    waiting.drain();
    return joined(most);
  }

  private boolean joined(Duration most) {
    try {
      return thread.join(most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends at once: requests that are not done fail with an [EngineClosedException].
  @Override
  public void close() {
    var reason = new EngineClosedException("the engine was closed before the request was done");
    waiting.close().forEach(sequence -> drop(sequence, reason));
    boolean interrupted = false;
    while (thread.isAlive() && !Thread.currentThread().equals(thread)) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true; // the cache is the thread's: it must be done before the model is closed
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drop(Sequence sequence, RuntimeException reason) {
    sequence.fail(reason);
    sequence.close();
    tally.count(sequence);
  }

  private void run(CompletableFuture<Boolean> started) {
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var size =
          new Loop.Size(
              transformer.cacheType(), options.slots(), options.beginnings(), limit.tokens());
      var loop =
          new Loop(transformer, size, Pace.ofRequests(options.pieceTokens()), waiting, tally);
      started.complete(true);
      serve(loop);
    } catch (RuntimeException | Error e) {
      started.completeExceptionally(e);
      throw e;
    }
  }

  private void serve(Loop loop) {
    try {
      while (loop.running() > 0 ? !waiting.isClosed() : waiting.await()) {
        loop.turn();
      }
      end(loop, new EngineClosedException("the engine was closed before the request was done"));
    } catch (InterruptedException _) {
      end(loop, new EngineClosedException("the engine's thread was interrupted"));
    } catch (RuntimeException | Error e) {
      end(
          loop,
          new EngineClosedException(String.format(Locale.ROOT, "the engine broke down: %s", e)));
      throw e;
    }
  }

  private void end(Loop loop, RuntimeException reason) {
    waiting.close().forEach(sequence -> drop(sequence, reason));
    loop.fail(reason);
  }

  /// A request's place, which knows how to leave the queue.
  private final class Waiter implements Ticket {
    private final Sequence sequence;

    Waiter(Request request, Listener listener, int most) {
      this.sequence = new Sequence(request, listener, most);
    }

    @Override
    public void cancel() {
      sequence.cancel();
      if (waiting.remove(sequence)) {
        tally.count(sequence);
      }
    }
  }
}
