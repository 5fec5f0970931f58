package dev.demur.serve.study;

import dev.demur.lab.run.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/// A study or trial that was started, and how far it is. Changed by its own thread, read by
/// clients'.
final class Running {

  private final String id;
  private final Job.Kind kind;
  private final List<Step> steps = new ArrayList<>();
  private State state = State.WAITING;
  private Optional<String> problem = Optional.empty();
  private Optional<Found> found = Optional.empty();
  private long version;
  private volatile boolean stopping;

  /// Where it stands.
  enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED;

    boolean isOver() {
      return this == DONE || this == FAILED;
    }
  }

  /// What a client is told.
  ///
  /// @param version grows with every change
  /// @param id of the study or trial
  /// @param kind `study` or `trial`
  /// @param state where it stands
  /// @param steps its work so far
  /// @param finding what it found, in a sentence
  /// @param rows a trial's numbers, once it is done
  /// @param problem why it failed
  record Status(
      long version,
      String id,
      String kind,
      String state,
      List<Step> steps,
      Optional<String> finding,
      List<Found.Row> rows,
      Optional<String> problem) {

    Status {
      steps = List.copyOf(steps);
      rows = List.copyOf(rows);
    }
  }

  Running(String id, Job.Kind kind) {
    this.id = id;
    this.kind = kind;
  }

  String id() {
    return id;
  }

  synchronized State state() {
    return state;
  }

  synchronized Status status() {
    return new Status(
        version,
        id,
        kind.text(),
        state.name().toLowerCase(Locale.ROOT),
        steps,
        found.map(Found::sentence),
        found.map(Found::rows).orElse(List.of()),
        problem);
  }

  /// Waits for a change.
  ///
  /// @param known version that the caller has
  /// @param millis the longest to wait
  synchronized Status after(long known, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (version <= known && !state.isOver() && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return status();
  }

  /// Has it end with its next step.
  void stop() {
    stopping = true;
  }

  /// What is done to find something.
  interface Work {
    Found find() throws IOException;
  }

  /// Does the work. Whatever happens to it, clients do not wait for it any longer.
  void run(Work work) {
    begun();
    try {
      done(work.find());
    } catch (IOException | RuntimeException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (Error e) {
      failed(e.toString());
      throw e;
    }
  }

  private synchronized void begun() {
    state = State.RUNNING;
    changed();
  }

  private synchronized void done(Found what) {
    state = State.DONE;
    found = Optional.of(what);
    changed();
  }

  private synchronized void failed(String why) {
    state = State.FAILED;
    problem = Optional.of(why);
    changed();
  }

  private void changed() {
    version++;
    notifyAll();
  }

  /// Hears of its steps.
  Progress progress() {
    return (name, total) -> {
      int index = add(new Step(name, 0, total));
      return new Progress.Task() {
        @Override
        public void advance(long more) {
          Running.this.advance(index, more);
        }

        @Override
        public void close() {}
      };
    };
  }

  private synchronized int add(Step step) {
    requireGoing();
    steps.add(step);
    changed();
    return steps.size() - 1;
  }

  private synchronized void advance(int index, long more) {
    requireGoing();
    var step = steps.get(index);
    steps.set(index, new Step(step.name(), step.done() + more, step.total()));
    changed();
  }

  private void requireGoing() {
    if (stopping) {
      throw new CancellationException("the server is going down");
    }
  }
}
