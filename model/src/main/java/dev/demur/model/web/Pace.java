package dev.demur.model.web;

import java.time.Duration;

/// How fast a body must come. One that falls behind is ended.
///
/// @param silence the longest time without a byte
/// @param window time over which the slowest rate is looked at, again and again
/// @param bytesPerWindow the fewest bytes of each window
/// @param whole time for the whole body
public record Pace(Duration silence, Duration window, long bytesPerWindow, Duration whole) {

  /// Time without an end; a long holds 292 years of nanoseconds.
  private static final Duration UNLIMITED = Duration.ofDays(36_500);

  public Pace {
    if (!silence.isPositive() || !window.isPositive() || !whole.isPositive()) {
      throw new IllegalArgumentException(
          "silence, window and whole must be positive, were %s, %s, %s"
              .formatted(silence, window, whole));
    }
    if (bytesPerWindow < 0) {
      throw new IllegalArgumentException("bytesPerWindow must be >= 0, was " + bytesPerWindow);
    }
  }

  /// Whole within this time, however it comes until then.
  public static Pace within(Duration whole) {
    return new Pace(whole, whole, 0, whole);
  }

  /// As long as it takes, if each window brings so many bytes.
  public static Pace steady(Duration window, long bytesPerWindow) {
    return new Pace(window, window, bytesPerWindow, UNLIMITED);
  }

  /// The same, and whole within this time.
  public Pace and(Duration limit) {
    return new Pace(silence, window, bytesPerWindow, limit);
  }
}
