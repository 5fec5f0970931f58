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

  private final Patience patience;
  private final Duration requestTime;
  private final ThreadLocal<@Nullable ConnectionContext> connection = new ThreadLocal<>();
  private final ThreadLocal<@Nullable Waiting> headers = new ThreadLocal<>();

  Connections(Patience patience, Duration requestTime) {
    this.patience = patience;
    this.requestTime = requestTime;
  }

  /// This thread's connection.
  ConnectionContext current() {
    return Optional.ofNullable(connection.get())
        .orElseThrow(() -> new IllegalStateException("this thread serves no connection"));
  }

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    connection.set(context);
    headers.set(patience.on(context.serverSocket(), requestTime));
  }

  @Override
  public void headers(ConnectionContext context, Headers read) {
    var waiting = headers.get();
    if (waiting != null) {
      waiting.close();
      headers.remove();
    }
  }
}
