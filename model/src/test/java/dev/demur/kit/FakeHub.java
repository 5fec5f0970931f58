package dev.demur.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// A hub on this machine that behaves like the real one as far as fetching goes: a listing, files
/// behind `resolve`, large ones by redirect to a second host, and the mishaps tests ask for.
public final class FakeHub implements AutoCloseable {

  private static final long PAUSE_NANOS = 20_000_000;

  public static final String COMMIT = "5a1e0c2b3d4f5a6978877665544332211000fedc";

  /// One request that came.
  ///
  /// @param host `hub` or `cdn`
  public record Request(String host, String method, String path, Map<String, String> headers) {}

  /// An answer instead of the usual one.
  public record Mishap(int status, Map<String, String> headers) {}

  private final HttpServer hub;
  private final HttpServer cdn;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Set<String> large = new HashSet<>();
  private final Map<String, Deque<Integer>> cuts = new ConcurrentHashMap<>();
  private final Map<String, Deque<Mishap>> mishaps = new ConcurrentHashMap<>();
  private final Map<String, String> listingLies = new HashMap<>();
  private final Map<String, byte[]> sentInstead = new ConcurrentHashMap<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  public volatile String commit = COMMIT;
  public volatile String id = "org/name";
  public volatile String requiredToken = "";
  public volatile boolean ranges = true;
  public volatile boolean listsBlobs = true;
  public volatile long pauseMillis;

  /// Bytes between two pauses.
  public volatile int step = 4096;

  /// The listing comes without pauses.
  public volatile boolean listingIsQuick;

  /// Nothing is answered for a while.
  public volatile boolean silent;

  /// Requests whose path holds this get a body without an end.
  public volatile String endless = "none";

  public FakeHub() throws IOException {
    hub = server(this::hub);
    cdn = server(this::cdn);
  }

  private HttpServer server(Handler handler) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          } catch (IOException _) {
            // The client hung up, or the line is cut on purpose.
          }
        });
    server.setExecutor(threads);
    server.start();
    return server;
  }

  @FunctionalInterface
  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  public URI cdnAddress() {
    return URI.create("http://127.0.0.1:" + cdn.getAddress().getPort());
  }

  /// Adds a file kept in git.
  public FakeHub file(String path, String text) {
    files.put(path, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// Adds a file kept in large file storage.
  public FakeHub largeFile(String path, byte[] bytes) {
    files.put(path, bytes);
    large.add(path);
    return this;
  }

  /// Has the files of a checkpoint, its weights as large ones, and not what was computed from it.
  public void checkpoint(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> !f.getFileName().toString().startsWith("golden")).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".safetensors")) {
          largeFile(name, Files.readAllBytes(file));
        } else {
          file(name, Files.readString(file));
        }
      }
    }
  }

  /// The line breaks after so many bytes of the next body of this file.
  public void cut(String path, int after) {
    cuts.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(after);
  }

  /// The next request whose path holds this gets another answer.
  public void mishap(String part, int status, Map<String, String> headers) {
    mishaps.computeIfAbsent(part, _ -> new ArrayDeque<>()).add(new Mishap(status, headers));
  }

  /// The listing's JSON is changed before it is sent.
  public void lie(String from, String to) {
    listingLies.put(from, to);
  }

  /// Other bytes than those the checksum is of.
  public void sendInstead(String path, byte[] bytes) {
    sentInstead.put(path, bytes);
  }

  /// The line holds from here on, and what was asked is forgotten.
  public void mend() {
    cuts.clear();
    mishaps.clear();
    requests.clear();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public List<Request> requests(String host, String method) {
    return requests().stream()
        .filter(r -> r.host().equals(host) && r.method().equals(method))
        .toList();
  }

  private void hub(HttpExchange exchange) throws IOException {
    String path = record("hub", exchange);
    while (silent) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    if (mishap(exchange, path)) {
      return;
    }
    if (path.contains(endless)) {
      exchange.sendResponseHeaders(200, 0);
      while (true) {
        exchange.getResponseBody().write(new byte[1 << 16]);
      }
    }
    if (!requiredToken.isEmpty()
        && !("Bearer " + requiredToken)
            .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      error(exchange, 401, "RepoNotFound");
    } else if (path.startsWith("/api/models/" + id + "/revision/")) {
      String revision = path.substring(path.lastIndexOf("/revision/") + "/revision/".length());
      if (revision.equals("main") || revision.equals(commit) || revision.equals("refs/pr/1")) {
        send(exchange, 200, listing().getBytes(StandardCharsets.UTF_8), "listing");
      } else {
        error(exchange, 404, "RevisionNotFound");
      }
    } else if (path.startsWith("/" + id + "/resolve/")) {
      String file = path.substring(("/" + id + "/resolve/").length()).replaceFirst("^[^/]+/", "");
      resolve(exchange, file);
    } else {
      error(exchange, 404, "RepoNotFound");
    }
  }

  private void resolve(HttpExchange exchange, String file) throws IOException {
    byte[] bytes = files.get(file);
    if (bytes == null) {
      error(exchange, 404, "EntryNotFound");
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", commit);
    if (large.contains(file)) {
      headers.set("X-Linked-Etag", '"' + sha256(bytes) + '"');
      headers.set("X-Linked-Size", String.valueOf(bytes.length));
      headers.set("Location", cdnAddress() + "/" + file + "?signature=secret");
      exchange.sendResponseHeaders(302, -1);
    } else {
      headers.set("ETag", '"' + gitHash(bytes) + '"');
      send(exchange, 200, bytes, file);
    }
  }

  private void cdn(HttpExchange exchange) throws IOException {
    String file = record("cdn", exchange).substring(1);
    if (mishap(exchange, "/" + file)) {
      return;
    }
    byte[] bytes = sentInstead.getOrDefault(file, files.getOrDefault(file, new byte[0]));
    exchange.getResponseHeaders().set("ETag", "\"cdn-" + sha256(bytes).substring(0, 8) + "\"");
    send(exchange, 200, bytes, file);
  }

  private void send(HttpExchange exchange, int status, byte[] bytes, String file)
      throws IOException {
    byte[] body = file.equals("listing") ? bytes : sentInstead.getOrDefault(file, bytes);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    int from = rangeStart(exchange, body.length);
    int code = status;
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, body.length - 1, body.length));
      code = 206;
    }
    int length = body.length - from;
    exchange.sendResponseHeaders(code, length == 0 ? -1 : length);
    int until = cutAt(file, body.length);
    long pause = listingIsQuick && file.equals("listing") ? 0 : pauseMillis;
    write(exchange.getResponseBody(), body, from, until, pause);
    if (until < body.length) {
      throw new IOException("cut on purpose");
    }
  }

  private void write(OutputStream out, byte[] body, int from, int until, long pause)
      throws IOException {
    int count = pause > 0 ? step : Math.max(until, 1);
    for (int at = from; at < until; at += count) {
      out.write(body, at, Math.min(count, until - at));
      out.flush();
      try {
        Thread.sleep(pause);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private int rangeStart(HttpExchange exchange, int length) {
    var request = exchange.getRequestHeaders();
    String range = request.getFirst("Range");
    String condition = request.getFirst("If-Range");
    String etag = exchange.getResponseHeaders().getFirst("ETag");
    if (!ranges || range == null || (condition != null && !condition.equals(etag))) {
      return 0;
    }
    return Math.min(Integer.parseInt(range.replaceAll("\\D", "")), length);
  }

  private int cutAt(String file, int length) {
    var queue = cuts.get(file);
    Integer at = queue == null ? null : queue.poll();
    return at == null ? length : Math.min(at, length);
  }

  private boolean mishap(HttpExchange exchange, String path) throws IOException {
    for (var entry : mishaps.entrySet()) {
      if (path.contains(entry.getKey())) {
        var mishap = entry.getValue().poll();
        if (mishap != null) {
          mishap.headers().forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(mishap.status(), -1);
          return true;
        }
      }
    }
    return false;
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  private String record(String host, HttpExchange exchange) {
    String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
    var headers =
        exchange.getRequestHeaders().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getFirst()));
    requests.add(new Request(host, exchange.getRequestMethod(), path, headers));
    return path;
  }

  private String listing() {
    String siblings =
        files.entrySet().stream()
            .map(file -> sibling(file.getKey(), file.getValue()))
            .collect(Collectors.joining(","));
    String json =
        "{\"id\":\"%s\",\"sha\":\"%s\",\"siblings\":[%s]}".formatted(id, commit, siblings);
    for (var lie : listingLies.entrySet()) {
      json = json.replace(lie.getKey(), lie.getValue());
    }
    return json;
  }

  private String sibling(String path, byte[] bytes) {
    if (!listsBlobs) {
      return "{\"rfilename\":\"%s\"}".formatted(path);
    }
    String lfs =
        large.contains(path)
            ? ",\"lfs\":{\"sha256\":\"%s\",\"size\":%d,\"pointerSize\":130}"
                .formatted(sha256(bytes), bytes.length)
            : "";
    return "{\"rfilename\":\"%s\",\"blobId\":\"%s\",\"size\":%d%s}"
        .formatted(path, gitHash(bytes), bytes.length, lfs);
  }

  public static String sha256(byte[] bytes) {
    return hex("SHA-256", new byte[0], bytes);
  }

  public static String gitHash(byte[] bytes) {
    return hex("SHA-1", ("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static String hex(String algorithm, byte[] before, byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      digest.update(before);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    silent = false;
    hub.stop(0);
    cdn.stop(0);
    threads.close();
  }
}
