package dev.demur.serve.http;

import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.api.Fields;
import dev.demur.serve.api.Json;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// One request and its answer, on the thread that serves it.
public final class Exchange {

  private static final int CHUNK = 8192;

  private final ServerRequest request;
  private final ServerResponse response;
  private final HelidonSocket socket;
  private final DataReader reader;
  private final Patience patience;
  private final Limits limits;
  private volatile boolean gone;

  Exchange(
      ServerRequest request,
      ServerResponse response,
      ConnectionContext connection,
      Patience patience,
      Limits limits) {
    this.request = request;
    this.response = response;
    this.socket = connection.serverSocket();
    this.reader = connection.dataReader();
    this.patience = patience;
    this.limits = limits;
  }

  /// What a brace of the path stands for, decoded.
  public String part(String name) {
    return request.path().pathParameters().get(name);
  }

  /// The path that was asked for, decoded.
  String path() {
    return request.path().path();
  }

  /// The time an answer may take.
  public Duration answerTime() {
    return limits.answerTime();
  }

  /// The body's fields.
  ///
  /// @throws ApiException if it is too large, too slow, or not a JSON object
  public Fields fields() {
    return Json.read(body());
  }

  /// Begins to watch whether the client is still there, which only a read can tell. Whoever reads
  /// must go on doing so, so the connection serves no other request. The body has been read before.
  public void watch() {
    response.header(HeaderValues.CONNECTION_CLOSE);
    response.whenSent(() -> Patience.shut(socket));
    var _ =
        Thread.ofVirtual()
            .name("serve-watch")
            .start(
                () -> {
                  try {
                    reader.ensureAvailable();
                  } catch (RuntimeException _) { // Helidon's ways to say that the stream has ended
                    gone = true;
                  }
                });
  }

  private byte[] body() {
    if (request.headers().contentLength().orElse(0) > limits.bodyBytes()) {
      throw tooLarge();
    }
    var bytes = new ByteArrayOutputStream();
    try (var _ = patience.on(socket, limits.requestTime());
        var in = request.content().inputStream()) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        bytes.write(chunk, 0, n);
        if (bytes.size() > limits.bodyBytes()) {
          throw tooLarge();
        }
      }
    } catch (ApiException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // Helidon has many names for a socket that failed
      throw new GoneException(e);
    }
    return bytes.toByteArray();
  }

  /// Closes the connection behind the answer where the body was not read, which may have no end.
  void leaveBody() {
    if (request.content().hasEntity() && !request.content().consumed()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
  }

  private ApiException tooLarge() {
    return new ApiException(
        Reason.SIZE, "the body has more than " + limits.bodyBytes() + " bytes; shorten it");
  }

  /// Whether the client is no longer there, as far as [#watch] has seen.
  public boolean isGone() {
    return gone;
  }

  /// A header of the request.
  public Optional<String> asked(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  /// Says that the request was taken, and nothing else.
  public void accept() {
    response.status(202);
    send("application/json", new byte[0]);
  }

  /// A header of the answer.
  public void header(String name, String value) {
    response.header(HeaderNames.create(name), value);
  }

  /// Sends a value as JSON.
  public void send(Object value) {
    send(200, value);
  }

  /// Sends a value as JSON.
  public void send(int status, Object value) {
    response.status(status);
    send("application/json", Json.write(value).getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a text.
  public void send(String type, String text) {
    send(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends bytes.
  public void send(String type, byte[] bytes) {
    header("Content-Type", type);
    header("X-Content-Type-Options", "nosniff");
    try (var _ = patience.on(socket, limits.requestTime())) {
      response.send(bytes);
    } catch (RuntimeException e) {
      throw new GoneException(e);
    }
  }

  /// Begins an answer that is written piece by piece. What may be refused has been refused before.
  public Outlet stream(String type) {
    header("Content-Type", type);
    header("Cache-Control", "no-store");
    header("X-Content-Type-Options", "nosniff");
    header("X-Accel-Buffering", "no");
    return new Outlet(response.outputStream());
  }

  /// An answer being written.
  public final class Outlet {

    private final OutputStream out;

    private Outlet(OutputStream out) {
      this.out = out;
    }

    /// Writes a piece and sends it at once.
    ///
    /// @throws GoneException if the client does not take it
    public void write(String piece) {
      try (var _ = patience.on(socket, limits.requestTime())) {
        out.write(piece.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException | RuntimeException e) {
        throw new GoneException(e);
      }
    }

    /// One server-sent event.
    ///
    /// @throws GoneException if the client does not take it
    public void event(String data) {
      write("data: " + data + "\n\n");
    }
  }
}
