package dev.demur.app.cli;

import dev.demur.app.cli.Terminal.Channel;
import dev.demur.lab.VisibleText;
import dev.demur.lab.run.Progress;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress on standard error: a bar with a time estimate where a person watches, a line now and
/// then elsewhere.
///
/// @param terminal where to show it
public record TerminalProgress(Terminal terminal) implements Progress {

  private static final int BAR_WIDTH = 100;
  private static final int UPDATE_MILLIS = 200;

  /// A log file wants few lines.
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);

  @Override
  public Task start(String name, long total) {
    return terminal.isInteractive(Channel.ERR) ? new Bar(name, total) : new Lines(name, total);
  }

  private final class Bar implements Task {
    private final ProgressBar bar;

    Bar(String name, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(VisibleText.line(name))
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setConsumer(
                  new ConsoleProgressBarConsumer(terminal.unfiltered(Channel.ERR), BAR_WIDTH))
              .build();
    }

    @Override
    public void advance(long steps) {
      bar.stepBy(steps);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private final class Lines implements Task {
    private final String name;
    private final long total;
    private final long started = System.nanoTime();
    private long printed = started;
    private long done;

    Lines(String name, long total) {
      this.name = name;
      this.total = total;
    }

    @Override
    public void advance(long steps) {
      done += steps;
      long now = System.nanoTime();
      if (done < total && now - printed >= BETWEEN_LINES.toNanos()) {
        printed = now;
        double left = seconds(now) * (total - done) / done;
        line(", about " + spoken(left) + " left");
      }
    }

    @Override
    public void close() {
      line(" in " + spoken(seconds(System.nanoTime())));
    }

    private void line(String rest) {
      terminal.err().println(name + ": " + done + " of " + total + rest);
    }

    private double seconds(long now) {
      return (now - started) / 1e9;
    }
  }

  /// `0.4 s`, `42 s`, `12 min`, `3 h 20 min`.
  static String spoken(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
