package dev.demur.serve.http;

import dev.demur.serve.http.Patience.Waiting;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Knows the socket behind a request, which Helidon does not tell its handlers, and gives headers
/// their time. A connection has one thread for all its life, so a thread knows its connection.
final class Connections implements Http1ConnectionListener {

  private static final ThreadLocal<@Nullable ConnectionContext> CONNECTION = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable Waiting> HEADERS = new ThreadLocal<>();

  private final Patience patience;
  private final Duration requestTime;

  Connections(Patience patience, Duration requestTime) {
    this.patience = patience;
    this.requestTime = requestTime;
  }

  /// This thread's connection.
  ConnectionContext current() {
    return Optional.ofNullable(CONNECTION.get())
        .orElseThrow(() -> new IllegalStateException("this thread serves no connection"));
  }

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    CONNECTION.set(context);
    HEADERS.set(patience.on(context.serverSocket(), requestTime));
  }

  @Override
  public void headers(ConnectionContext context, Headers read) {
    var waiting = HEADERS.get();
    if (waiting != null) {
      waiting.close();
      HEADERS.remove();
    }
  }
}
