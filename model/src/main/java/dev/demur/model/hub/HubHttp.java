package dev.demur.model.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// HTTP as the hub speaks it.
///
/// Redirects are followed by hand, because what may travel depends on where: the token goes to the
/// endpoint's own origin only, and once a redirect has led away it is not sent again, even if a
/// later one leads back. Answers that may pass (408, 429, 5xx) and failed connections are tried
/// again after the time the server asks for, else after 1, 2, 4, 8 seconds; one that lets the time
/// for its headers pass is tried once more.
final class HubHttp {

  private static final int MAX_REDIRECTS = 10;

  private static final Duration CONNECT = Duration.ofSeconds(15);

  private static final int MAX_LOCATION = 16_384; // signed links have up to a few thousand

  /// How far redirects are followed.
  private enum Hops {
    EVERYWHERE,

    /// Up to the redirect that leads away, which carries what the hub says of the file.
    WITHIN_ORIGIN
  }

  private static final Logger LOG = System.getLogger(HubHttp.class.getName());

  private final HttpClient client;
  private final HubSettings settings;
  private final Origin home;
  private final Patience patience;
  private final TransferListener listener;

  HubHttp(HubSettings settings, Patience patience, TransferListener listener) throws HubException {
    this.settings = settings;
    this.home = Origin.of(settings.endpoint());
    settings.proxy().select(settings.endpoint()); // a proxy nobody can use is said now
    this.client = client(settings);
    if (settings.token().isPresent() && !mayCarryToken()) {
      LOG.log(
          Level.WARNING,
          "The token is not sent: "
              + home
              + " is asked over plain http, where anybody on the way could read it. Name an https"
              + " address in HF_ENDPOINT.");
    }
    this.patience = patience;
    this.listener = listener;
  }

  /// HTTP/1.1, because the JDK's HTTP/2 windows keep one large transfer far below the line's speed.
  private static HttpClient client(HubSettings settings) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .proxy(settings.proxy())
        .build();
  }

  private boolean mayCarryToken() {
    return home.isEncrypted() || home.isLocal();
  }

  Patience patience() {
    return patience;
  }

  TransferListener listener() {
    return listener;
  }

  /// Asks for a file's headers. A redirect to another origin is the answer itself.
  Reply head(URI uri) throws IOException {
    return exchange("HEAD", uri, Map.of("Accept-Encoding", "identity"), Hops.WITHIN_ORIGIN);
  }

  /// Asks for a body.
  Reply get(URI uri, Map<String, String> headers) throws IOException {
    return exchange("GET", uri, headers, Hops.EVERYWHERE);
  }

  private Reply exchange(String method, URI uri, Map<String, String> headers, Hops hops)
      throws IOException {
    if (settings.access() == HubSettings.Access.OFFLINE) {
      throw new HubException(
          "offline mode is on, "
              + Origin.shown(uri)
              + " is not asked; unset HF_HUB_OFFLINE (and TRANSFORMERS_OFFLINE) to go online");
    }
    URI at = uri;
    boolean trusted = Origin.of(uri).equals(home);
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      Reply reply = persistently(method, at, headers, trusted);
      if (!reply.isRedirect()) {
        return reply;
      }
      URI target = target(reply);
      boolean stays = Origin.of(at).equals(Origin.of(target));
      if (hops == Hops.WITHIN_ORIGIN && !stays) {
        return reply;
      }
      reply.close();
      trusted = trusted && stays;
      at = target;
    }
    throw new HubException(
        Origin.shown(uri)
            + ": more than "
            + MAX_REDIRECTS
            + " redirects in a row; the server is misconfigured, try another HF_ENDPOINT");
  }

  private static URI target(Reply reply) throws IOException {
    String location = reply.header("Location").orElse("");
    try {
      if (location.isEmpty() || location.length() > MAX_LOCATION) {
        throw new IllegalArgumentException("no usable Location");
      }
      URI target = reply.uri().resolve(URI.create(location));
      if (Origin.of(reply.uri()).isEncrypted() && !Origin.of(target).isEncrypted()) {
        throw new HubException(
            Origin.shown(reply.uri())
                + " redirects to "
                + Origin.shown(target)
                + ", which is not encrypted; Demur does not follow");
      }
      return target;
    } catch (IllegalArgumentException e) {
      reply.close();
      throw new HubException(
          Origin.shown(reply.uri())
              + ": answered "
              + reply.status()
              + " and named no address to go to; try again later",
          e);
    }
  }

  private Reply persistently(String method, URI at, Map<String, String> headers, boolean trusted)
      throws IOException {
    int late = 0;
    for (int attempt = 1; ; attempt++) {
      Duration pause = patience.after(attempt);
      String reason;
      try {
        Reply reply = once(method, at, headers, trusted);
        if (!reply.isTransient() || attempt == patience.attempts()) {
          return reply;
        }
        pause = reply.retryAfter().orElse(pause);
        reason = Origin.of(at) + " answered " + reply.status();
        reply.close();
        requireBearable(at, pause, reply.status());
      } catch (HubException e) {
        throw e;
      } catch (IOException e) {
        late += e instanceof HttpTimeoutException ? 1 : 0;
        if (attempt == patience.attempts() || late == Patience.SLOW_ATTEMPTS || isHopeless(e)) {
          throw unreachable(at, e);
        }
        reason = Origin.of(at) + " could not be reached";
      }
      listener.retrying(reason, pause);
      patience.pause(pause);
    }
  }

  private void requireBearable(URI at, Duration pause, int status) throws HubException {
    if (pause.compareTo(patience.longest()) > 0) {
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%s answered %d and asks to wait %d minutes; try again then, what is here stays",
              Origin.of(at),
              status,
              (pause.toSeconds() + 59) / 60));
    }
  }

  private Reply once(String method, URI at, Map<String, String> headers, boolean trusted)
      throws IOException {
    var request =
        HttpRequest.newBuilder(at)
            .timeout(patience.times().headers())
            .method(method, BodyPublishers.noBody())
            .header("User-Agent", "demur");
    headers.forEach(request::header);
    if (trusted && mayCarryToken()) {
      settings
          .token()
          .ifPresent(token -> request.header("Authorization", "Bearer " + token.value()));
    }
    try {
      return new Reply(at, client.send(request.build(), BodyHandlers.ofInputStream()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Patience.interrupted(e);
    }
  }

  /// A host that has no address will not get one within seconds.
  private static boolean isHopeless(IOException e) {
    return (e instanceof ConnectException && causes(e, UnresolvedAddressException.class))
        || (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted());
  }

  private static boolean causes(Throwable thrown, Class<? extends Throwable> kind) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  /// What to say of a line that does not hold.
  static HubException unreachable(URI at, IOException e) throws HubException {
    String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new HubException(
        Origin.of(at)
            + " cannot be reached ("
            + Reply.words(said)
            + "); check the network, a proxy or HF_ENDPOINT, and run the same command again:"
            + " what arrived is kept. HF_HUB_OFFLINE=1 works with what is here",
        e);
  }
}
