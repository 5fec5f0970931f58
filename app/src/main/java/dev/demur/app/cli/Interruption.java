package dev.demur.app.cli;

import dev.demur.lab.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Says, when the process is stopped with Ctrl-C, what is finished and how to go on. Closed when
/// the work is done, after which nothing is said.
public final class Interruption implements AutoCloseable {

  private final Terminal terminal;
  private final String remedy;
  private final Thread hook = new Thread(this::report, "interruption");
  private final List<Counted> tasks = new ArrayList<>();

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

  private void report() {
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
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is already going down and the hook is speaking.
    }
  }

  private static final class Counted implements Progress.Task {
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
    }

    @Override
    public void close() {
      closed = done >= total;
      shown.close();
    }
  }
}
