package dev.demur.app.cli;

import dev.demur.app.cli.Terminal.Channel;
import dev.demur.app.cli.Terminal.Detail;
import dev.demur.lab.VisibleText;
import dev.demur.lab.run.Progress;
import dev.demur.model.hub.TransferListener;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Transfers on standard error: a bar for each file where a person watches; elsewhere a line for
/// each large one when it is done, and now and then before.
///
/// @param terminal where to show it
/// @param counted receives every step, for what is said when the process is stopped
public record TransferProgress(Terminal terminal, Progress counted) implements TransferListener {

  private static final int UPDATE_MILLIS = 200;

  /// Smaller files come in a moment.
  private static final long WORTH_SHOWING = 10_000_000;

  /// A log file wants few lines.
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);

  @Override
  public Transfer begin(String name, long size, long present) {
    var task = counted.start(name, size);
    task.advance(present);
    if (size < WORTH_SHOWING || terminal.detail() == Detail.ALARMS) {
      return new Counting(task);
    }
    return terminal.isInteractive(Channel.ERR)
        ? new Bar(task, name, size, present)
        : new Lines(task, name, size, present);
  }

  @Override
  public void retrying(String reason, Duration pause) {
    terminal.note(reason + "; trying again in " + TerminalProgress.spoken(pause.toMillis() / 1e3));
  }

  /// Shows nothing, but is remembered.
  private static class Counting implements Transfer {
    private final Progress.Task task;
    long done;

    Counting(Progress.Task task) {
      this.task = task;
    }

    @Override
    public void received(long bytes) {
      done += bytes;
      task.advance(bytes);
    }

    @Override
    public void restarted() {
      task.advance(-done);
      done = 0;
    }

    @Override
    public void close() {
      task.close();
    }
  }

  private final class Bar extends Counting {
    private final ProgressBar bar;

    Bar(Progress.Task task, String name, long size, long present) {
      super(task);
      done = present;
      bar =
          new ProgressBarBuilder()
              .setTaskName(VisibleText.line(name))
              .setInitialMax(size)
              .startsFrom(present, Duration.ZERO)
              .setUnit(" MB", 1_000_000)
              .showSpeed()
              .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setConsumer(TerminalProgress.screen(terminal))
              .build();
    }

    @Override
    public void received(long bytes) {
      super.received(bytes);
      bar.stepTo(done);
    }

    @Override
    public void restarted() {
      super.restarted();
      bar.stepTo(0);
    }

    @Override
    public void close() {
      super.close();
      bar.close();
    }
  }

  private final class Lines extends Counting {
    private final String name;
    private final long size;
    private final long present;
    private final long started = System.nanoTime();
    private long printed = started;

    Lines(Progress.Task task, String name, long size, long present) {
      super(task);
      this.name = name;
      this.size = size;
      this.present = present;
      done = present;
    }

    @Override
    public void received(long bytes) {
      super.received(bytes);
      long now = System.nanoTime();
      if (done < size && now - printed >= BETWEEN_LINES.toNanos()) {
        printed = now;
        double left = seconds(now) * (size - done) / Math.max(1, done - present);
        line(", about " + TerminalProgress.spoken(left) + " left");
      }
    }

    @Override
    public void close() {
      super.close();
      line(" in " + TerminalProgress.spoken(seconds(System.nanoTime())));
    }

    private void line(String rest) {
      String all = ByteCount.spoken(size);
      String part = done == size ? "" : ByteCount.spoken(done) + " of ";
      terminal.err().println(name + ": " + part + all + rest);
    }

    private double seconds(long now) {
      return (now - started) / 1e9;
    }
  }
}
