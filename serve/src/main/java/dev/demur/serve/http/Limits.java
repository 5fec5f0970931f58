package dev.demur.serve.http;

import java.time.Duration;

/// What a client may cost.
///
/// @param bodyBytes of one request's body
/// @param headerBytes of one request's headers
/// @param connections open at a time
/// @param requestTime in which headers and body must have come, each; and one write must have been
///   taken
/// @param answerTime after which an answer is given up
/// @param requestsPerMinute of one address; 0 is no limit
public record Limits(
    int bodyBytes,
    int headerBytes,
    int connections,
    Duration requestTime,
    Duration answerTime,
    int requestsPerMinute) {

  private static final int USUAL_BODY = 4 << 20;
  private static final int USUAL_HEADERS = 16 << 10;
  private static final int USUAL_CONNECTIONS = 1024;
  private static final int USUAL_SECONDS = 20;
  private static final int USUAL_MINUTES = 10;

  /// Those of a server that is not told otherwise: 4 MiB of body, 16 KiB of headers, 1,024
  /// connections, 20 seconds for a request to come, 10 minutes for its answer, any rate.
  public static Limits usual() {
    return new Limits(
        USUAL_BODY,
        USUAL_HEADERS,
        USUAL_CONNECTIONS,
        Duration.ofSeconds(USUAL_SECONDS),
        Duration.ofMinutes(USUAL_MINUTES),
        0);
  }

  public Limits {
    if (bodyBytes < 1 || headerBytes < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "limits of bytes and connections must be >= 1, were "
              + bodyBytes
              + ", "
              + headerBytes
              + " and "
              + connections);
    }
    if (!requestTime.isPositive() || !answerTime.isPositive()) {
      throw new IllegalArgumentException(
          "limits of time must be above 0, were " + requestTime + " and " + answerTime);
    }
    if (requestsPerMinute < 0) {
      throw new IllegalArgumentException(
          "requests per minute must be >= 0, were " + requestsPerMinute);
    }
  }

  /// The same with another rate.
  public Limits withRate(int perMinute) {
    return new Limits(bodyBytes, headerBytes, connections, requestTime, answerTime, perMinute);
  }
}
