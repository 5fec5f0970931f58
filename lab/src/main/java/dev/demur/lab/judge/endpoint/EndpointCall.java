package dev.demur.lab.judge.endpoint;

import dev.demur.model.web.LargeAnswerException;
import dev.demur.model.web.Pace;
import dev.demur.model.web.SlowAnswerException;
import dev.demur.model.web.WatchedBody;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One request and its attempts. The only place that holds the key.
final class EndpointCall {

  private static final System.Logger LOG = System.getLogger(EndpointCall.class.getName());
  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 409, 425, 429);
  private static final int SHOWN = 200;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  /// The longest answers that think aloud first have some 100 KB.
  private static final int MAX_BYTES = 4 << 20;

  /// An answer that is late twice will not come.
  private static final int LATE_ATTEMPTS = 2;

  private final EndpointConfig config;
  private final HttpClient client;
  private final String key;
  private final RateLimit limit;

  EndpointCall(EndpointConfig config, HttpClient client, String key) {
    this.config = config;
    this.client = client;
    this.key = key;
    this.limit = new RateLimit(config.requestsPerMinute());
  }

  /// How one attempt ended.
  private sealed interface Attempt {

    record Answered(String text) implements Attempt {}

    record Failed(String problem, Duration pause) implements Attempt {}

    /// No whole answer within the time there is.
    record Late(String problem) implements Attempt {}
  }

  /// The text of the answer.
  ///
  /// @throws IOException after the last attempt, or at once where another would not help
  String send(String request) throws IOException, InterruptedException {
    Duration wait = config.firstWait();
    int late = 0;
    for (int attempt = 1; ; attempt++) {
      limit.await();
      String problem;
      Duration pause;
      switch (attempt(request, wait)) {
        case Attempt.Answered(var text) -> {
          return text;
        }
        case Attempt.Failed(var what, var asked) -> {
          problem = what;
          pause = asked;
        }
        case Attempt.Late(var what) -> {
          problem = what;
          pause = wait;
          late++;
        }
      }
      if (attempt == config.attempts() || late == LATE_ATTEMPTS) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s %s; gave up after %d attempts. Answers so far are kept; run again to"
                    + " continue.",
                config.completions(),
                problem,
                attempt));
      }
      LOG.log(Level.INFO, "{0} {1}; again in {2}", config.completions(), problem, pause);
      Thread.sleep(pause);
      wait = wait.multipliedBy(2);
    }
  }

  private Attempt attempt(String request, Duration wait) throws IOException, InterruptedException {
    long began = System.nanoTime();
    int status;
    String body;
    Duration asked;
    try {
      var response = client.send(post(request), HttpResponse.BodyHandlers.ofInputStream());
      status = response.statusCode();
      asked = asked(response, wait);
      body = body(response, config.timeout().minusNanos(System.nanoTime() - began));
    } catch (HttpTimeoutException e) {
      return new Attempt.Late("did not answer (" + e.getClass().getSimpleName() + ")");
    } catch (SlowAnswerException e) {
      return new Attempt.Late("sent an answer that " + e.getMessage());
    } catch (LargeAnswerException e) {
      throw new IOException(
          config.completions() + " sent an answer that " + e.getMessage() + ". Check the address.",
          e);
    } catch (IOException e) { // no connection, or a broken one
      return new Attempt.Failed("did not answer (" + e.getClass().getSimpleName() + ")", wait);
    }
    if (status == 200) {
      return new Attempt.Answered(content(body));
    }
    String problem = "answered " + status + ": " + shown(body);
    if (!isWorthAnotherTry(status)) {
      throw new IOException(
          config.completions() + " " + problem + ". Check address, model and key.");
    }
    return new Attempt.Failed(problem, asked);
  }

  /// What is left of the time is the body's.
  private static String body(HttpResponse<InputStream> response, Duration left) throws IOException {
    var pace = Pace.within(left.isPositive() ? left : Duration.ofMillis(1));
    try (var body = WatchedBody.over(response.body(), pace)) {
      return new String(body.whole(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }

  private HttpRequest post(String request) {
    var builder =
        HttpRequest.newBuilder(config.completions())
            .timeout(config.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request));
    return key.isEmpty()
        ? builder.build()
        : builder.header("Authorization", "Bearer " + key).build();
  }

  private static boolean isWorthAnotherTry(int status) {
    return status >= 500 || WORTH_ANOTHER_TRY.contains(status);
  }

  /// The wait the server asks for in whole seconds, else the given one; never more than two
  /// minutes.
  private static Duration asked(HttpResponse<?> response, Duration otherwise) {
    Duration asked =
        response
            .headers()
            .firstValue("Retry-After")
            .filter(text -> text.matches("\\d{1,6}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(otherwise);
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }

  private String content(String body) throws IOException {
    try {
      var content =
          JsonMapper.shared()
              .readTree(body)
              .path("choices")
              .path(0)
              .path("message")
              .path("content");
      if (content.isString()) {
        return content.stringValue();
      }
    } catch (JacksonException e) {
      throw new IOException(config.completions() + " answered no JSON: " + shown(body), e);
    }
    throw new IOException(
        config.completions()
            + " answered without choices[0].message.content: "
            + shown(body)
            + ". Is it OpenAI-compatible?");
  }

  /// The start of a server's text on one line, without the key should the server repeat it.
  private String shown(String text) {
    String safe = key.isEmpty() ? text : text.replace(key, "***");
    String line = safe.replaceAll("\\s+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "\u2026" : line;
  }
}
