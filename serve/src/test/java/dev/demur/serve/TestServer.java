package dev.demur.serve;

import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.serve.http.ListenSettings;
import dev.demur.serve.meter.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server of the demo model for tests, and a client of it.
final class TestServer implements AutoCloseable {

  static final JsonMapper JSON = JsonMapper.shared();

  final ChatModel model;
  final Server server;
  final List<Event> events = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(String name, ServerSettings settings) {
    try {
      model = ChatModel.load(name, DTypeChoice.F32);
      server = Server.open(model, settings, events::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One server for all who only ask it; it lives as long as the tests.
  static TestServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    private static final TestServer SERVER =
        open(settings(ListenSettings.local(0), ServerSettings.Tools.MCP));
  }

  static TestServer open(ServerSettings settings) {
    return open("demo", settings);
  }

  /// The same of another embedded model.
  static TestServer open(String name, ServerSettings settings) {
    return new TestServer(name, settings);
  }

  /// One whose clients may start studies and trials.
  static TestServer openWithStudies(Path studies) {
    return open(
        new ServerSettings(
            ListenSettings.local(0),
            4,
            8,
            256,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.of(studies),
            ServerSettings.Tools.NONE));
  }

  /// The last of the events that a stream tells until it ends.
  JsonNode lastEvent(String path) {
    return get(path)
        .body()
        .lines()
        .filter(line -> !line.isEmpty())
        .reduce((_, next) -> next)
        .map(line -> JSON.readTree(line.substring("data: ".length())))
        .orElseThrow();
  }

  static ServerSettings settings(ListenSettings listen) {
    return settings(listen, ServerSettings.Tools.NONE);
  }

  private static ServerSettings settings(ListenSettings listen, ServerSettings.Tools tools) {
    return new ServerSettings(
        listen, 4, 8, 256, Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), tools);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(url(path)));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The answer's body, which must be one.
  JsonNode json(String path, String body) {
    var response = post(path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /// The chunks of a stream, which must end as streams do.
  List<JsonNode> stream(String path, String body) {
    var lines = post(path, body).body().lines().filter(line -> !line.isEmpty()).toList();
    if (!lines.getLast().equals("data: [DONE]")) {
      throw new AssertionError("a stream must end with [DONE], was " + lines);
    }
    return Stream.of(lines.subList(0, lines.size() - 1))
        .flatMap(List::stream)
        .map(line -> JSON.readTree(line.substring("data: ".length())))
        .toList();
  }

  @Override
  public void close() {
    server.close();
    model.close();
  }
}
