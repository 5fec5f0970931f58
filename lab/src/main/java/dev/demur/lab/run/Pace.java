package dev.demur.lab.run;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Says when something that is done now and then is due: at once, and then each time an interval
/// has passed since. Not safe for several threads.
final class Pace {

  private final long interval;
  private final LongSupplier clock;
  private long due;

  /// @param interval at least this long between two times
  /// @param clock nanoseconds from any start, as [System#nanoTime]
  Pace(Duration interval, LongSupplier clock) {
    this.interval = interval.toNanos();
    this.clock = clock;
    this.due = clock.getAsLong();
  }

  /// Whether it is due; when it is, it is taken as done now.
  boolean isDue() {
    long now = clock.getAsLong();
    if (now - due < 0) { // a difference, because the clock may wrap
      return false;
    }
    due = now + interval;
    return true;
  }
}
