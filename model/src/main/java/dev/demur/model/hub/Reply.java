package dev.demur.model.hub;

import dev.demur.model.web.Pace;
import dev.demur.model.web.WatchedBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// What a server answered: status, headers, and a body that is still on its way.
final class Reply implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// What may pass when one waits.
  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /// Enough for a sentence; a server's own words are shown, but not a page of them.
  private static final int MAX_WORDS = 200;

  private final URI uri;
  private final HttpResponse<InputStream> response;

  Reply(URI uri, HttpResponse<InputStream> response) {
    this.uri = uri;
    this.response = response;
  }

  /// The address that was asked.
  URI uri() {
    return uri;
  }

  int status() {
    return response.statusCode();
  }

  /// The body, to be read at this pace.
  WatchedBody body(Pace pace) {
    return WatchedBody.over(response.body(), pace);
  }

  boolean isRedirect() {
    return REDIRECTS.contains(status());
  }

  boolean isTransient() {
    return TRANSIENT.contains(status());
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /// A header that must be a count, where it is there.
  ///
  /// @throws HubException if it is not a whole number
  OptionalLong number(String name) throws HubException {
    var text = header(name).map(String::strip);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!NUMBER.matcher(text.get()).matches()) {
      throw new HubException(
          Origin.shown(uri) + ": header " + name + " is \"" + words(text.get()) + "\", no number");
    }
    return OptionalLong.of(Long.parseLong(text.get()));
  }

  /// The file's own ETag without quotes; hubs give that of large files in a header of their own.
  Optional<String> etag() {
    return header("X-Linked-Etag")
        .or(() -> header("ETag"))
        .map(tag -> tag.strip().replaceFirst("^W/", "").replace("\"", ""));
  }

  /// The ETag a later request may name to get the rest of just this; a weak one will not do.
  Optional<String> strongEtag() {
    return header("ETag").map(String::strip).filter(tag -> tag.matches("\"[!#-~]{1,200}\""));
  }

  /// How long the server asks to wait: seconds, or a date.
  Optional<Duration> retryAfter() {
    var text = header("Retry-After").map(String::strip);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (NUMBER.matcher(text.get()).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
    }
    try {
      var until = ZonedDateTime.parse(text.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
      var wait = Duration.between(Instant.now(), until.toInstant());
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException _) {
      // A header nobody can read is not a reason to give up: the usual pause is taken.
      return Optional.empty();
    }
  }

  /// The hub's own code for an error, such as `GatedRepo`; empty when it gives none.
  String errorCode() {
    return words(header("X-Error-Code").orElse(""));
  }

  /// Text from a server, fit for one line of a terminal.
  static String words(String text) {
    String plain = text.replaceAll("[^ -~]+", " ").strip();
    return plain.length() > MAX_WORDS ? plain.substring(0, MAX_WORDS) + "…" : plain;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
