package dev.demur.lab.judge.endpoint;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// Which endpoint answers, and how it is treated.
///
/// @param base address up to and without `/chat/completions`, for example `https://host/v1`
/// @param model the model's name there
/// @param keyVariable environment variable with the key; empty where none is needed
/// @param requestsPerMinute most requests to start in a minute, above 0
/// @param parallel most requests under way at once, at least 1
/// @param attempts how often a request is tried before the run stops, at least 1
/// @param firstWait wait before the second attempt, doubled before each further one
/// @param timeout longest wait for one whole answer; a question is asked once more when it passes
public record EndpointConfig(
    URI base,
    String model,
    String keyVariable,
    double requestsPerMinute,
    int parallel,
    int attempts,
    Duration firstWait,
    Duration timeout) {

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  public EndpointConfig {
    String scheme = String.valueOf(base.getScheme());
    String host = String.valueOf(base.getHost());
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("the endpoint must be an http(s) address, was " + base);
    }
    if (scheme.equals("http") && !keyVariable.isEmpty() && !LOCAL.contains(host)) {
      throw new IllegalArgumentException(
          "a key is not sent over plain http to " + host + "; use https");
    }
    if (base.getUserInfo() != null) {
      throw new IllegalArgumentException("put the key in the environment, not in the address");
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("the endpoint needs a model name");
    }
    if (!(requestsPerMinute > 0) || parallel < 1 || attempts < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "requestsPerMinute, parallel and attempts must be positive, were %s, %d, %d",
              requestsPerMinute,
              parallel,
              attempts));
    }
  }

  /// The usual manners: 60 requests a minute, 4 at once, 6 attempts from 1 s wait on, 2 minutes for
  /// an answer.
  public static EndpointConfig of(URI base, String model, String keyVariable) {
    return new EndpointConfig(
        base, model, keyVariable, 60, 4, 6, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }

  /// Where requests go.
  URI completions() {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text : text + "/") + "chat/completions");
  }
}
