package dev.demur.app.cli;

import dev.demur.lab.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Says, when the process is stopped with Ctrl-C, what is finished and how to go on. Closed when
/// the work is done, after which nothing is said.
public final class Interruption implements AutoCloseable {

  /// How long the process' end waits for a step. One takes a tenth of a second, on a busy machine
  /// many times that.
  private static final Duration LONGEST_STEP = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final String remedy;
  private final Thread hook = new Thread(this::end, "interruption");
  private final List<Counted> tasks = new ArrayList<>();

  /// Opened when the work is between two steps, or done, while the process ends.
  private final CountDownLatch still = new CountDownLatch(1);

  private volatile boolean inSteps;
  private volatile boolean ending;

  private Interruption(Terminal terminal, String remedy) {
    this.terminal = terminal;
    this.remedy = remedy;
  }

  /// Watches until closed.
  ///
  /// @param remedy how to go on, one sentence
  public static Interruption watch(Terminal terminal, String remedy) {
    var interruption = new Interruption(terminal, remedy);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /// What is said of a run folder when the process is stopped.
  public static String goesOn(Path folder) {
    return "What is finished is in " + folder + "; the same command continues from there.";
  }

  /// The same progress, remembered here.
  public Progress counting(Progress progress) {
    return new Progress() {
      @Override
      public void expect(List<Double> efforts) {
        progress.expect(efforts);
      }

      @Override
      public Task start(String name, long total) {
        var task = new Counted(name, total, progress.start(name, total));
        synchronized (tasks) {
          tasks.add(task);
        }
        return task;
      }
    };
  }

  /// The same progress of work in steps, each of which is said when it is done. The process then
  /// ends between two of them: threads of libtorch that compute gradients crash where it is taken
  /// down around them.
  public Progress countingSteps(Progress progress) {
    inSteps = true;
    return counting(progress);
  }

  /// What the process does before it ends.
  void end() {
    ending = true;
    var parts = new ArrayList<String>();
    synchronized (tasks) {
      int finished = 0;
      for (var task : tasks) {
        if (task.closed) {
          finished++;
        } else {
          parts.add(task.name + " at " + task.done + " of " + task.total);
        }
      }
      parts.addFirst(finished == 1 ? "1 step finished" : finished + " steps finished");
    }
    terminal.err().println();
    terminal.say("stopped: " + String.join(", ", parts) + ". " + remedy);
    terminal.err().flush();
    if (inSteps) {
      awaitStep();
    }
  }

  private void awaitStep() {
    try {
      boolean _ = still.await(LONGEST_STEP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Does not return while the process ends.
  private void stepDone() {
    if (!inSteps) {
      return;
    }
    while (ending) {
      still.countDown();
      LockSupport.park(this);
      boolean _ = Thread.interrupted(); // it would not be parked again
    }
  }

  @Override
  public void close() {
    still.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is already going down and the hook is speaking.
    }
  }

  private final class Counted implements Progress.Task {
    private final String name;
    private final long total;
    private final Progress.Task shown;
    private volatile long done;
    private volatile boolean closed;

    Counted(String name, long total, Progress.Task shown) {
      this.name = name;
      this.total = total;
      this.shown = shown;
    }

    @Override
    public void advance(long steps) {
      synchronized (this) {
        done += steps;
      }
      shown.advance(steps);
      stepDone();
    }

    @Override
    public void close() {
      closed = done >= total;
      shown.close();
    }
  }
}
