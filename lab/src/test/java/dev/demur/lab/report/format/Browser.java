package dev.demur.lab.report.format;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A headless Chromium, told what to do over its DevTools protocol. It reports every console
/// message, every exception and every request for something that is not the page itself.
///
/// @see <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>
final class Browser implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  /// A loaded machine takes its time to start a browser.
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int lastId;
  private int width;
  private String session = "";

  private Browser(Process process, Path profile) throws IOException, InterruptedException {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address(), new Listener())
            .join();
  }

  /// Starts a browser.
  ///
  /// @param program the Chromium to run
  static Browser start(Path program) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("demur-browser");
    var process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var browser = new Browser(process, profile);
    String target =
        browser
            .call("Target.createTarget", Map.of("url", "about:blank"))
            .get("targetId")
            .stringValue();
    browser.session =
        browser
            .call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .stringValue();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      browser.call(domain + ".enable", Map.of());
    }
    return browser;
  }

  /// Sets the window's size and the scheme the reader prefers, `light` or `dark`.
  void window(int width, int height, String scheme) throws IOException, InterruptedException {
    this.width = width;
    size(width, height);
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private void size(int width, int height) throws IOException, InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /// Opens a page and waits until it is loaded.
  void open(Path page) throws IOException, InterruptedException {
    complaints.clear();
    requests.clear();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    await("Page.loadEventFired");
    settle();
  }

  /// The value of a JavaScript expression.
  JsonNode evaluate(String expression) throws IOException, InterruptedException {
    var answer = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /// The whole page as PNG.
  void screenshot(Path file) throws IOException, InterruptedException {
    // A window as high as the page, as capturing beyond the window upsets layouts.
    size(width, evaluate("document.documentElement.scrollHeight").asInt());
    settle();
    var answer = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.write(file, Base64.getDecoder().decode(answer.get("data").stringValue()));
  }

  /// The page as a printer gets it.
  void print(Path file) throws IOException, InterruptedException {
    var answer =
        call(
            "Page.printToPDF",
            Map.of(
                "preferCSSPageSize",
                true,
                "printBackground",
                false,
                "paperWidth",
                8.27,
                "paperHeight",
                11.69));
    Files.write(file, Base64.getDecoder().decode(answer.get("data").stringValue()));
  }

  /// Console messages, exceptions and refusals of the content security policy since the page was
  /// opened.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// Requests the page made, other than for itself.
  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Waits until a change of size has reached the drawings.
  private void settle() throws IOException, InterruptedException {
    String frames =
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame("
            + "() => setTimeout(done, 100))))";
    call("Runtime.evaluate", Map.of("expression", frames, "awaitPromise", true));
  }

  private URI address() throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (Files.exists(file)) {
        var lines = Files.readAllLines(file);
        if (lines.size() >= 2) {
          return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
        }
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    throw new IOException("the browser did not open its DevTools port");
  }

  private JsonNode call(String method, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    int id = ++lastId;
    var message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    while (true) {
      var answer = next();
      if (answer.path("id").asInt(-1) == id) {
        if (answer.has("error")) {
          throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
      }
    }
  }

  private void await(String event) throws IOException, InterruptedException {
    while (!next().path("method").asString("").equals(event)) {
      // next() has noted what matters.
    }
  }

  private JsonNode next() throws IOException, InterruptedException {
    var message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (message == null) {
      throw new IOException("the browser said nothing for " + PATIENCE);
    }
    var parameters = message.path("params");
    switch (message.path("method").asString("")) {
      case "Runtime.consoleAPICalled" -> complaints.add(parameters.get("args").toString());
      case "Runtime.exceptionThrown" ->
          complaints.add(parameters.get("exceptionDetails").toString());
      case "Log.entryAdded" -> complaints.add(parameters.get("entry").toString());
      case "Network.requestWillBeSent" -> {
        boolean itself = parameters.path("type").asString("").equals("Document");
        String url = parameters.path("request").path("url").asString("");
        if (!itself && !url.startsWith("data:")) {
          requests.add(url);
        }
      }
      default -> {}
    }
    return message;
  }

  private final class Listener implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
