package dev.demur.serve.http;

import dev.demur.serve.answer.AbandonedException;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.api.ErrorBody;
import dev.demur.serve.api.Json;
import dev.demur.serve.http.Gate.Audience;
import io.helidon.common.configurable.Resource;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A port that is listened on, from opening to closing.
public final class Listening implements AutoCloseable {

  private static final Duration IDLE = Duration.ofMinutes(1);

  /// Under the 30 seconds after which service managers kill.
  private static final Duration DRAIN = Duration.ofSeconds(25);

  private static final Duration IDLE_CHECK = Duration.ofSeconds(10);

  /// JSON-RPC's code for what the server itself has to say.
  private static final int RPC_ERROR = -32000;

  private final ListenSettings settings;
  private final Gate gate;
  private final Patience patience = new Patience();
  private final Connections connections;
  private final Faults faults;
  private final Consumer<Served> served;
  private final WebServer server;

  /// Hears of faults: answers that failed for no reason the client has a part in.
  @FunctionalInterface
  public interface Faults {

    /// @param path of the route
    void happened(String path, RuntimeException fault);
  }

  private Listening(
      ListenSettings settings, List<Route> routes, Consumer<Served> served, Faults faults) {
    this.settings = settings;
    this.gate = new Gate(settings);
    this.connections = new Connections(patience, settings.limits().requestTime());
    this.served = served;
    this.faults = faults;
    this.server = configured(routes).build();
  }

  /// Begins to listen.
  ///
  /// @param served hears of every answer
  /// @param faults hears of what failed
  /// @throws IOException if the port is taken or the certificate cannot be read
  public static Listening open(
      ListenSettings settings, List<Route> routes, Consumer<Served> served, Faults faults)
      throws IOException {
    try {
      var listening = new Listening(settings, routes, served, faults);
      listening.server.start();
      return listening;
    } catch (RuntimeException e) {
      throw new IOException(
          "cannot listen on "
              + settings.address()
              + ":"
              + settings.port()
              + " ("
              + cause(e).getMessage()
              + "); take another port, or look at the certificate",
          e);
    }
  }

  private static Throwable cause(Throwable e) {
    var cause = e.getCause();
    return cause == null ? e : cause(cause);
  }

  private WebServerConfig.Builder configured(List<Route> routes) {
    var limits = settings.limits();
    var builder =
        WebServer.builder()
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .host(settings.address())
            .port(settings.port())
            .maxTcpConnections(limits.connections())
            .idleConnectionTimeout(IDLE)
            .idleConnectionPeriod(IDLE_CHECK)
            .shutdownGracePeriod(DRAIN)
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(limits.headerBytes())
                    .addReceiveListener(connections)
                    .build())
            .directHandlers(Listening::refusals)
            .routing(routing -> route(routing, routes));
    settings.tls().ifPresent(certificate -> encrypt(builder, certificate));
    return builder;
  }

  private static void encrypt(
      WebServerConfig.Builder builder, ListenSettings.Certificate certificate) {
    builder.tls(
        tls ->
            tls.privateKey(keys -> keys.pem(pem -> pem.key(Resource.create(certificate.key()))))
                .privateKeyCertChain(
                    keys -> keys.pem(pem -> pem.certChain(Resource.create(certificate.chain())))));
  }

  /// What is refused before a route is found.
  private static void refusals(DirectHandlers.Builder handlers) {
    for (var type : EventType.values()) {
      handlers.addHandler(
          type,
          (request, _, status, headers, message) ->
              DirectHandler.TransportResponse.builder()
                  .status(status)
                  .headers(headers)
                  .header(HeaderNames.CONTENT_TYPE, "application/json")
                  .entity(
                      Json.write(
                          error(
                              new ApiException(
                                  Reason.INVALID,
                                  status.code() == 500 ? "a fault of the server" : message),
                              Route.Dialect.OPENAI)))
                  .build());
    }
  }

  private void route(HttpRouting.Builder routing, List<Route> routes) {
    for (var route : routes) {
      switch (route.method()) {
        case GET -> routing.get(route.path(), (in, out) -> answer(route, in, out));
        case POST -> routing.post(route.path(), (in, out) -> answer(route, in, out));
      }
    }
    var pages =
        new Route(
            Route.Method.GET,
            "/",
            Route.Dialect.OPENAI,
            Route.Openness.OPEN,
            exchange -> Pages.send(exchange, exchange.path()));
    routing.get("/*", (in, out) -> answer(pages, in, out));
    var nothing =
        Route.of(
            Route.Method.POST,
            "*",
            _ -> {
              throw new ApiException(Reason.PATH, "there is nothing under this path and method");
            });
    routing.any((in, out) -> answer(nothing.open(), in, out));
  }

  private void answer(Route route, ServerRequest in, ServerResponse out) throws IOException {
    long start = System.nanoTime();
    var exchange = new Exchange(in, out, connections.current(), patience, settings.limits());
    int status = 0;
    try {
      gate.require(
          in, route.openness() == Route.Openness.OPEN ? Audience.EVERYONE : Audience.KEY_BEARERS);
      route.endpoint().answer(exchange);
      status = out.status().code();
    } catch (GoneException | AbandonedException e) {
      status = Served.GONE;
      throw new CloseConnectionException("the client is gone", e);
    } catch (ApiException e) {
      status = e.reason().status();
      refuse(exchange, out, route, e);
    } catch (IllegalArgumentException e) { // the libraries' word for what the caller got wrong
      status = Reason.INVALID.status();
      refuse(
          exchange, out, route, new ApiException(Reason.INVALID, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      status = Reason.FAULT.status();
      faults.happened(route.path(), e);
      refuse(exchange, out, route, new ApiException(Reason.FAULT, "a fault of the server"));
    } finally {
      served.accept(new Served(route.path(), status, Duration.ofNanos(System.nanoTime() - start)));
    }
  }

  /// An answer that has begun cannot be refused: its connection is closed instead.
  private static void refuse(
      Exchange exchange, ServerResponse out, Route route, ApiException refused) {
    if (out.isSent() || out.bytesWritten() > 0) {
      throw new CloseConnectionException("the answer failed", refused);
    }
    refused
        .retryAfter()
        .ifPresent(seconds -> exchange.header("Retry-After", String.valueOf(seconds)));
    exchange.leaveBody();
    if (refused.reason() == Reason.KEY) {
      exchange.header("WWW-Authenticate", "Bearer");
    }
    try {
      exchange.send(refused.reason().status(), error(refused, route.dialect()));
    } catch (GoneException e) {
      throw new CloseConnectionException("the client is gone", e);
    }
  }

  private static Object error(ApiException refused, Route.Dialect dialect) {
    var body = new LinkedHashMap<String, Object>();
    switch (dialect) {
      case OLLAMA -> body.put("error", refused.text());
      case OPENAI -> body.put("error", ErrorBody.of(refused));
      case MCP -> {
        body.put("jsonrpc", "2.0");
        body.put("error", Map.of("code", RPC_ERROR, "message", refused.text()));
      }
    }
    return body;
  }

  /// The port, where any was asked for.
  public int port() {
    return server.port();
  }

  /// Takes no more requests, waits up to 25 seconds for those being answered, and closes.
  @Override
  public void close() {
    server.stop();
    patience.close();
  }
}
