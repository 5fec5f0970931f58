package dev.demur.kit;

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
public final class Browser implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  /// `-Ddemur.chromium=PATH` where it is not here.
  private static final Path PROGRAM =
      Path.of(System.getProperty("demur.chromium", "/usr/bin/chromium"));

  /// An A4 sheet between the margins of the style sheet, 178 mm, in CSS pixels.
  private static final int SHEET = 673;

  /// What reaches over an edge, or is cut by one, element by element. What lies in a region that
  /// scrolls may reach over the window, not over the region; what is cut on purpose says so by a
  /// class or a title.
  private static final String FAULTS =
      """
      (() => {
        const faults = [];
        const paper = matchMedia('print').matches;
        const width = document.documentElement.clientWidth;
        const name = e => e.tagName + '.' + e.getAttribute('class') + ' "'
            + (e.textContent || '').slice(0, 40) + '"';
        if (document.documentElement.scrollWidth > width) {
          faults.push('the page scrolls sideways: ' + document.documentElement.scrollWidth);
        }
        for (const e of document.body.querySelectorAll('*:not(script)')) {
          const box = e.getBoundingClientRect();
          const svg = e.closest('svg');
          if (!e.checkVisibility() || !box.width || !box.height || e.closest('.unseen, .skip, .hash')
              || (svg && e.tagName !== 'text')) {
            continue;
          }
          if (svg) {
            const edge = svg.getBoundingClientRect();
            if (box.left < edge.left - 1 || box.right > edge.right + 1
                || box.top < edge.top - 1 || box.bottom > edge.bottom + 1) {
              faults.push('cut by its drawing: ' + name(e));
            }
            continue;
          }
          const region = e.closest('.scroll, pre');
          if ((!region || paper) && (box.right > width + 1 || box.left < -1)) {
            faults.push('over the edge by ' + (box.right - width) + ': ' + name(e));
          }
          const style = getComputedStyle(e);
          if (style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1) {
            faults.push('cut: ' + name(e));
          }
          if (e.matches('.scroll') && !paper && e.scrollWidth > e.clientWidth + 1
              && !e.hasAttribute('data-more')) {
            faults.push('goes on without a hint: ' + name(e));
          }
        }
        return faults;
      })()
      """;

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
  /// @throws IOException if there is none, or it does not start
  public static Browser start() throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IOException(PROGRAM + ": no Chromium; install one or give -Ddemur.chromium=PATH");
    }
    Path profile = Files.createTempDirectory("demur-browser");
    var process =
        new ProcessBuilder(
                PROGRAM.toString(),
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
  public void window(int width, int height, String scheme)
      throws IOException, InterruptedException {
    this.width = width;
    size(width, height);
    media("", scheme);
  }

  /// Lays pages out as on an A4 sheet, for [#faults]; until the next [#window].
  public void sheet() throws IOException, InterruptedException {
    this.width = SHEET;
    size(SHEET, 900);
    media("print", "dark"); // the page must be light all the same
  }

  private void media(String media, String scheme) throws IOException, InterruptedException {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /// Opens whatever is folded.
  public void unfold() throws IOException, InterruptedException {
    evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    settle();
  }

  /// What of the page is cut or makes it scroll sideways; empty when all is well.
  public List<String> faults() throws IOException, InterruptedException {
    var faults = new ArrayList<String>();
    evaluate(FAULTS).forEach(fault -> faults.add(fault.stringValue()));
    return faults;
  }

  private void size(int width, int height) throws IOException, InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /// Opens a page and waits until it is loaded.
  public void open(Path page) throws IOException, InterruptedException {
    open(page.toUri());
  }

  /// Opens a page that a server has and waits until it is loaded.
  public void open(URI page) throws IOException, InterruptedException {
    complaints.clear();
    requests.clear();
    call("Page.navigate", Map.of("url", page.toString()));
    await("Page.loadEventFired");
    if (width == SHEET) {
      evaluate("dispatchEvent(new Event('beforeprint'))");
    }
    settle();
  }

  /// The value of a JavaScript expression, waited for where it is a promise.
  public JsonNode evaluate(String expression) throws IOException, InterruptedException {
    var answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /// Where pictures of the documents go.
  ///
  /// @param otherwise where they go when nobody asked for them with `-Ddemur.pictures=FOLDER`
  public static Path pictures(Path otherwise) throws IOException {
    String wanted = System.getProperty("demur.pictures", "");
    return wanted.isEmpty() ? otherwise : Files.createDirectories(Path.of(wanted));
  }

  /// The page as WebP.
  ///
  /// @param from the part of the page: a CSS selector of the first element shown
  /// @param height pixels from there on
  public void screenshot(Path file, String from, int height)
      throws IOException, InterruptedException {
    // A window as high as the page, as capturing beyond the window upsets layouts.
    int whole = evaluate("document.documentElement.scrollHeight").asInt();
    size(width, whole);
    settle();
    int top =
        evaluate(
                "Math.max(0, Math.floor(document.querySelector('%s').getBoundingClientRect().top) - 24)"
                    .formatted(from))
            .asInt();
    var answer =
        call(
            "Page.captureScreenshot",
            Map.of(
                "format",
                "webp",
                "quality",
                80,
                "clip",
                Map.of(
                    "x",
                    0,
                    "y",
                    top,
                    "width",
                    width,
                    "height",
                    Math.min(height, whole - top),
                    "scale",
                    1)));
    Files.write(file, Base64.getDecoder().decode(answer.get("data").stringValue()));
  }

  /// The page as a printer gets it.
  public void print(Path file) throws IOException, InterruptedException {
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
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// Requests the page made, other than for itself.
  public List<String> requests() {
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
