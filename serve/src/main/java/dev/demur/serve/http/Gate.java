package dev.demur.serve.http;

import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Who may ask.
///
/// * A page of another origin may not, whatever it sends: cross-site request forgery.
/// * On a loopback address, the `Host` must be one of this machine's own names, or a page whose
///   name was made to point here could read answers: DNS rebinding.
/// * With a key, every request but those for pages and health must bear it.
/// * An address that asks too often must wait.
final class Gate {

  private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
  private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
  private static final String BEARER = "bearer ";

  private final Optional<Key> key;
  private final Set<String> hosts;
  private final RateLimit rate;

  /// Whom a path is for.
  enum Audience {
    /// Those who know the key.
    KEY_BEARERS,
    /// Everyone: nothing is computed and nothing told.
    EVERYONE
  }

  Gate(ListenSettings settings) {
    this.key = settings.key();
    this.hosts = hosts(settings);
    this.rate = new RateLimit(settings.limits().requestsPerMinute(), System::nanoTime);
  }

  /// Names under which the server may be asked; empty when it may be under any.
  private static Set<String> hosts(ListenSettings settings) {
    if (!settings.isLoopback()) {
      return Set.of();
    }
    var all = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    all.add(settings.address().toLowerCase(Locale.ROOT));
    return all;
  }

  /// Turns away who may not ask.
  ///
  /// @throws ApiException saying why
  void require(ServerRequest request, Audience audience) {
    requireHost(request);
    requireOrigin(request);
    requireRate(request);
    if (audience == Audience.KEY_BEARERS) {
      requireKey(request);
    }
  }

  private void requireHost(ServerRequest request) {
    String host = header(request, HeaderNames.HOST).orElse("");
    if (!hosts.isEmpty() && !hosts.contains(withoutPort(host))) {
      throw new ApiException(
          Reason.ORIGIN,
          "this server answers on this machine only, not as \"" + shown(host) + "\"");
    }
  }

  private static void requireOrigin(ServerRequest request) {
    String host = header(request, HeaderNames.HOST).orElse("");
    var origin = header(request, HeaderNames.ORIGIN);
    boolean isOwn =
        origin
            .map(o -> o.equalsIgnoreCase((request.isSecure() ? "https://" : "http://") + host))
            .orElse(true);
    boolean isSentByOthers =
        !request.prologue().method().text().equals("GET")
            && header(request, FETCH_SITE).filter(site -> site.endsWith("-site")).isPresent();
    if (!isOwn || isSentByOthers) {
      throw new ApiException(Reason.ORIGIN, "pages of other origins may not ask this server");
    }
  }

  private void requireRate(ServerRequest request) {
    int seconds = rate.take(request.remotePeer().host());
    if (seconds > 0) {
      throw ApiException.later("too many requests; try again in " + seconds + " s", seconds);
    }
  }

  private void requireKey(ServerRequest request) {
    if (key.isEmpty()) {
      return;
    }
    String offered =
        header(request, HeaderNames.AUTHORIZATION)
            .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
            .map(value -> value.substring(BEARER.length()).strip())
            .or(() -> header(request, API_KEY))
            .orElse("");
    if (!key.get().is(offered)) {
      throw new ApiException(
          Reason.KEY,
          offered.isEmpty()
              ? "this server wants a key: Authorization: Bearer …"
              : "this is not the key of this server");
    }
  }

  private static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().first(name);
  }

  private static String withoutPort(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf(']') ? name.substring(0, colon) : name;
  }

  private static String shown(String host) {
    return host.length() > 60 ? host.substring(0, 60) + "…" : host;
  }
}
