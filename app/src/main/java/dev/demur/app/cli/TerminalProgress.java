package dev.demur.app.cli;

import dev.demur.app.cli.Terminal.Channel;
import dev.demur.app.cli.Terminal.Detail;
import dev.demur.lab.VisibleText;
import dev.demur.lab.run.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jline.utils.AttributedString;

/// Progress on standard error: a bar as wide as the terminal where a person watches, a line now and
/// then elsewhere. Both say which stage of how many it is and how long all will take, where the
/// work says what is to come.
public final class TerminalProgress implements Progress {

  private static final int UPDATE_MILLIS = 200;

  /// The bar itself is at most so wide: longer ones say no more.
  private static final int WIDEST_BAR = 40;

  private static final int NARROWEST_BAR = 5;

  /// A log file wants few lines.
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);

  private final Terminal terminal;
  private final Overall overall = new Overall(System::nanoTime);

  /// @param terminal where to show it
  public TerminalProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void expect(List<Double> efforts) {
    overall.expect(efforts);
  }

  @Override
  public Task start(String name, long total) {
    var stage = overall.begin(total);
    if (terminal.detail() == Detail.ALARMS) {
      return Progress.silent().start(name, total);
    }
    return terminal.isInteractive(Channel.ERR)
        ? new Bar(VisibleText.line(name), total, stage)
        : new Lines(name, total, stage);
  }

  /// Where bars are drawn, on one line of whatever width the terminal has now.
  static ConsoleProgressBarConsumer screen(Terminal terminal) {
    return new ConsoleProgressBarConsumer(terminal.unfiltered(Channel.ERR)) {
      @Override
      public int getMaxRenderedLength() {
        return terminal.columns() - 1; // a full line would begin another
      }
    };
  }

  /// One line: name, share, bar, time left.
  ///
  /// @param width columns there are
  static String line(String name, long total, Overall.Stage stage, int width) {
    long done = stage.done();
    int share = total == 0 ? 100 : Math.toIntExact(100 * Math.min(done, total) / total);
    String percent = String.format(Locale.ROOT, " %3d %%", share);
    String times = times(stage, done >= total);
    int room = width - percent.length() - times.length();
    String title = shortened(stage.title() + name, Math.max(room - NARROWEST_BAR - 3, 8));
    int bar = Math.clamp(room - title.length() - 3L, 0, WIDEST_BAR);
    int full = bar * share / 100;
    String drawn =
        bar < NARROWEST_BAR ? "" : " [" + "█".repeat(full) + " ".repeat(bar - full) + "]";
    return shortened(title + percent + drawn + times, width);
  }

  private static String times(Overall.Stage stage, boolean isDone) {
    var all = stage.leftInAll();
    String inAll = all.isPresent() ? ", all " + spoken(all.getAsDouble()) : "";
    if (isDone) {
      return " in " + spoken(stage.seconds());
    }
    var left = stage.left();
    return left.isPresent() ? " left " + spoken(left.getAsDouble()) + inAll : "";
  }

  private static String shortened(String text, int columns) {
    var attributed = new AttributedString(text);
    return attributed.columnLength() <= columns
        ? text
        : attributed.columnSubSequence(0, columns - 1) + "…";
  }

  private final class Bar implements Task {
    private final ProgressBar bar;
    private final Overall.Stage stage;

    Bar(String name, long total, Overall.Stage stage) {
      this.stage = stage;
      bar =
          new ProgressBarBuilder()
              .setInitialMax(total)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setRenderer((_, width) -> line(name, total, stage, width))
              .setConsumer(screen(terminal))
              .build();
    }

    @Override
    public void advance(long steps) {
      stage.advance(steps);
      bar.stepBy(steps);
    }

    @Override
    public void close() {
      stage.close();
      bar.close();
    }
  }

  private final class Lines implements Task {
    private final String name;
    private final long total;
    private final Overall.Stage stage;
    private double printed;

    Lines(String name, long total, Overall.Stage stage) {
      this.name = name;
      this.total = total;
      this.stage = stage;
    }

    @Override
    public void advance(long steps) {
      stage.advance(steps);
      double now = stage.seconds();
      if (stage.done() < total && now - printed >= BETWEEN_LINES.toSeconds()) {
        printed = now;
        line(", about " + spoken(stage.left().orElse(0)) + " left");
      }
    }

    @Override
    public void close() {
      stage.close();
      line(" in " + spoken(stage.seconds()));
    }

    private void line(String rest) {
      var all = stage.leftInAll();
      String inAll = all.isPresent() ? "; all: about " + spoken(all.getAsDouble()) + " left" : "";
      terminal
          .err()
          .println(stage.title() + name + ": " + stage.done() + " of " + total + rest + inAll);
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
