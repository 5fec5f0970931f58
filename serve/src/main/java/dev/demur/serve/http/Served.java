package dev.demur.serve.http;

import java.time.Duration;

/// A request that was answered, for counting.
///
/// @param path of the route, with its braces
/// @param status of HTTP; 499 where the client went away
/// @param time it took
public record Served(String path, int status, Duration time) {

  /// What counts as the status of an answer nobody waited for.
  public static final int GONE = 499;
}
