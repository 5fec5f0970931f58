package dev.demur.model.hub;

import dev.demur.model.web.Pace;
import java.io.InterruptedIOException;
import java.time.Duration;

/// How often and after how long something is tried again, and how long it may take.
///
/// @param attempts tries in all
/// @param first pause after the first failure; each further one is twice as long
/// @param longest the most a server may ask us to wait
/// @param times how long answers and transfers may take
/// @param sleep passes the time
record Patience(int attempts, Duration first, Duration longest, Times times, Sleep sleep) {

  /// Waiting that brought nothing is repeated once: who is slow twice is slow.
  static final int SLOW_ATTEMPTS = 2;

  /// How long answers and transfers may take.
  ///
  /// @param headers until the headers are there
  /// @param listing how a listing must come
  /// @param transfer how each piece of a file must come
  /// @param grace time every file gets, all pieces and pauses together
  /// @param slowestRate bytes a second; a file gets the time they take on top of the grace
  record Times(Duration headers, Pace listing, Pace transfer, Duration grace, long slowestRate) {

    /// Time for a whole file, pauses included.
    Duration forFile(long bytes) {
      return grace.plusSeconds(bytes / slowestRate);
    }
  }

  /// 1 KiB a second is less than a modem brings; a hub under load takes its time to list large
  /// repositories. 16 KiB a second are 128 kbit/s.
  private static final Pace SLOWEST = Pace.steady(Duration.ofMinutes(1), 60 * 1024);

  private static final Times USUAL_TIMES =
      new Times(
          Duration.ofMinutes(1),
          SLOWEST.and(Duration.ofMinutes(5)),
          SLOWEST,
          Duration.ofMinutes(30),
          16 * 1024);

  /// Five tries within half a minute; hubs ask for up to five minutes when they limit a rate.
  static final Patience USUAL =
      new Patience(5, Duration.ofSeconds(1), Duration.ofMinutes(6), USUAL_TIMES, Thread::sleep);

  /// Passes the time.
  @FunctionalInterface
  interface Sleep {
    void pass(Duration time) throws InterruptedException;
  }

  /// The pause after so many failures, from 1.
  Duration after(int failures) {
    return first.multipliedBy(1L << Math.min(failures - 1, 10));
  }

  /// Waits.
  void pause(Duration time) throws InterruptedIOException {
    try {
      sleep.pass(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  static InterruptedIOException interrupted(InterruptedException cause) {
    var exception = new InterruptedIOException("interrupted; the same command continues");
    exception.initCause(cause);
    return exception;
  }
}
