package dev.demur.app.faults;

import com.sun.net.httpserver.HttpServer;
import dev.demur.kit.Checkpoints;
import dev.demur.kit.FakeHub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// A hub that has the tiny model, and an endpoint that judges, both on this machine.
final class Peers implements AutoCloseable {

  /// Where commands read the endpoint's address.
  static final String ENDPOINT = "DEMUR_TEST_ENDPOINT";

  private static final byte[] ANSWER =
      "{\"choices\": [{\"message\": {\"content\": \"none\"}}]}".getBytes(StandardCharsets.UTF_8);

  private final FakeHub hub = new FakeHub();
  private final HttpServer endpoint =
      HttpServer.create(new InetSocketAddress("127.0.0.1", 0), /* backlog= */ 0);

  Peers() throws IOException {
    hub.checkpoint(Checkpoints.named("llama-gqa-tied"));
    endpoint.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, ANSWER.length);
          exchange.getResponseBody().write(ANSWER);
          exchange.close();
        });
    endpoint.start();
  }

  /// What commands are told of them, and where to put what they fetch.
  Map<String, String> environment(Path folder) {
    return Map.of(
        ENDPOINT,
        "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/v1",
        "HF_ENDPOINT",
        hub.endpoint().toString(),
        "HF_HUB_CACHE",
        folder.resolve("out/hub").toString(),
        "HF_HOME",
        folder.resolve("home").toString(),
        "DEMUR_DATA_HOME",
        folder.resolve("out/data").toString());
  }

  @Override
  public void close() {
    hub.close();
    endpoint.stop(0);
  }
}
