package dev.demur.lab.run;

import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Threads for the pieces of a small model's work that do not depend on each other.
///
/// An operation of a small model is too short to be shared out: its threads wait for each other
/// longer than they compute, on a busy machine many times as long. While workers are there, one
/// operation has one thread, and pieces run beside each other instead. What is computed does not
/// depend on how many workers there are.
///
/// Without workers, all work is done by the caller's thread, in order and whole.
public final class Workers implements AutoCloseable {

  /// More would make the batches of each too small.
  private static final int PARTS = 2;

  /// Whom a thread has hired. A worker has nobody: it does the pieces of its piece itself.
  private static final ThreadLocal<Optional<ExecutorService>> HIRED =
      ThreadLocal.withInitial(Optional::empty);

  private final Optional<ExecutorService> threads;
  private final int before;

  /// @param before threads one operation had
  private Workers(Optional<ExecutorService> threads, int before) {
    this.threads = threads;
    this.before = before;
  }

  /// Nobody, where all is done as before.
  public static Workers none() {
    return new Workers(Optional.empty(), 0);
  }

  /// Hires as many as one operation has threads, two at the most, for this thread until closed by
  /// it. One operation has one thread meanwhile, in the whole process.
  ///
  /// @throws IllegalStateException if this thread has workers already
  public static Workers hire() {
    if (HIRED.get().isPresent()) {
      throw new IllegalStateException("workers are hired once at a time");
    }
    int before = Torch.threads();
    var threads = Thread.ofPlatform().name("demur-worker-", 0).daemon().factory();
    var hired = Optional.of(Executors.newFixedThreadPool(Math.min(before, PARTS), threads));
    Torch.threads(1);
    HIRED.set(hired);
    return new Workers(hired, before);
  }

  /// The list in parts that may be worked on beside each other, in order: whole without workers.
  public static <T> List<List<T>> parts(List<T> all) {
    if (HIRED.get().isEmpty() || all.size() < PARTS) {
      return List.of(all);
    }
    int half = (all.size() + 1) / PARTS;
    return List.of(all.subList(0, half), all.subList(half, all.size()));
  }

  /// Does work on every piece, each within a scope of its own.
  ///
  /// @param work no tensor of what it returns outlives its piece
  /// @return in the pieces' order
  /// @throws RuntimeException what the first piece that failed has thrown; pieces not begun by then
  ///   are left undone
  public static <P, R> List<R> each(List<P> pieces, Function<P, R> work) {
    var workers = HIRED.get();
    if (workers.isEmpty() || pieces.size() < 2) {
      return pieces.stream().map(piece -> scoped(piece, work)).toList();
    }
    var failed = new AtomicBoolean();
    var begun =
        pieces.stream().<Callable<R>>map(piece -> () -> atWork(piece, work, failed)).toList();
    try {
      return workers.get().invokeAll(begun).stream().map(Workers::result).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private static <P, R> R scoped(P piece, Function<P, R> work) {
    try (var _ = Scope.open()) {
      return work.apply(piece);
    }
  }

  private static <P, R> R atWork(P piece, Function<P, R> work, AtomicBoolean failed) {
    if (failed.get()) {
      throw new CancellationException("an earlier piece failed");
    }
    Torch.threads(); // a thread learns from its first question how many it may use
    try {
      return scoped(piece, work);
    } catch (RuntimeException | Error e) {
      failed.set(true);
      throw e;
    }
  }

  /// Pieces begin in order, so the first that has none is the one that failed.
  private static <R> R result(Future<R> ended) {
    if (ended.state() == Future.State.SUCCESS) {
      return ended.resultNow();
    }
    switch (ended.exceptionNow()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (threads.isPresent()) {
      threads.get().close();
      HIRED.remove();
      Torch.threads(before);
    }
  }
}
