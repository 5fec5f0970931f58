package dev.demur.lab.judge.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.judge.Verdict;
import dev.demur.lab.judge.guard.GuardDescription;
import dev.demur.lab.judge.guard.GuardPrompt;
import dev.demur.lab.judge.guard.GuardRefusalJudge;
import dev.demur.model.text.ChatMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Against a server of our own on this machine.
class ChatEndpointTest {

  private static final String KEY = "sk-not-a-real-key";

  /// What the server answers next; the last one again and again.
  private record Canned(int status, String body, String retryAfter) {}

  @TempDir private Path cache;
  private final ConcurrentLinkedQueue<Canned> answers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<JsonNode> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksAtTemperatureZeroWithTheKeyOfTheEnvironment() {
    says(200, "full");
    assertThat(endpoint().generate(List.of(question("Bake.")), 8)).containsExactly("full");
    var request = requests.element();
    assertThat(request.get("temperature").intValue()).isZero();
    assertThat(request.get("max_tokens").intValue()).isEqualTo(8);
    assertThat(request.get("model").stringValue()).isEqualTo("judge-1");
    assertThat(request.get("messages").get(0).get("content").stringValue()).isEqualTo("Bake.");
    assertThat(keys).containsExactly("Bearer " + KEY);
  }

  @Test
  void asksEachQuestionOnce() throws IOException {
    says(200, "none");
    assertThat(endpoint().generate(List.of(question("Bake.")), 8)).containsExactly("none");
    assertThat(endpoint().generate(List.of(question("Bake.")), 8)).containsExactly("none");
    assertThat(requests).hasSize(1);
    try (var files = Files.list(cache)) {
      for (var file : files.toList()) {
        assertThat(Files.readString(file)).doesNotContain(KEY);
      }
    }
  }

  /// D6: an answer in which any bit was changed, or that was cut, is asked for again.
  @Test
  void aCachedAnswerThatWasChangedIsAskedForAgain() throws IOException {
    says(200, "full");
    endpoint().generate(List.of(question("Bake.")), 8);
    Path kept;
    try (var files = Files.list(cache)) {
      kept = files.findFirst().orElseThrow();
    }
    assertThat(Files.getPosixFilePermissions(kept)).hasSize(2);
    byte[] bytes = Files.readAllBytes(kept);
    for (int at = 0; at < bytes.length; at += 5) {
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) (1 << at % 8);
      Files.write(kept, at % 2 == 0 ? changed : Arrays.copyOf(bytes, at));
      int asked = requests.size();
      says(200, "full");
      assertThat(endpoint().generate(List.of(question("Bake.")), 8)).containsExactly("full");
      assertThat(requests).hasSize(asked + 1);
      assertThat(kept).hasBinaryContent(bytes);
    }
  }

  @Test
  void triesAgainAfterTroubleThatPasses() {
    answers.add(new Canned(429, "slow down", "0"));
    answers.add(new Canned(503, "busy", ""));
    says(200, "partial");
    assertThat(endpoint().generate(List.of(question("Bake.")), 8)).containsExactly("partial");
    assertThat(requests).hasSize(3);
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    answers.add(new Canned(500, "out of order", ""));
    assertThatThrownBy(() -> endpoint().generate(List.of(question("Bake.")), 8))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("answered 500: out of order; gave up after 3 attempts");
    assertThat(requests).hasSize(3);
  }

  @Test
  void stopsAtOnceAndHidesTheKeyWhenItIsWrong() {
    answers.add(new Canned(401, "bad key " + KEY + "\nsee help", ""));
    assertThatThrownBy(() -> endpoint().generate(List.of(question("Bake.")), 8))
        .hasMessageContaining("answered 401: bad key *** see help. Check address, model and key.")
        .message()
        .doesNotContain(KEY);
    assertThat(requests).hasSize(1);
  }

  /// D8: a byte now and then kept the run for ever.
  @Test
  void endsAnAnswerThatIsNotWholeInTime() {
    bodies(
        out -> {
          while (true) {
            out.write(' ');
            out.flush();
            Thread.sleep(20);
          }
        });
    assertThatThrownBy(
            () -> endpoint(Duration.ofMillis(300)).generate(List.of(question("Bake.")), 8))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("sent an answer that was not whole within")
        .hasMessageContaining("gave up after 2 attempts");
  }

  /// D8: an answer without an end was read into memory, once for each attempt.
  @Test
  void endsAnAnswerThatIsTooLong() {
    var sent = new AtomicLong();
    bodies(
        out -> {
          byte[] some = new byte[1 << 16];
          while (true) {
            out.write(some);
            sent.addAndGet(some.length);
          }
        });
    assertThatThrownBy(() -> endpoint().generate(List.of(question("Bake.")), 8))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("longer than 4,194,304 bytes");
    assertThat(requests).hasSize(1);
    assertThat(sent).hasValueLessThan(64 << 20); // what lies in the line's buffers
  }

  @Test
  void saysWhenTheAnswerIsNotOfThisKind() {
    answers.add(new Canned(200, "{\"text\": \"full\"}", ""));
    assertThatThrownBy(() -> endpoint().generate(List.of(question("Bake.")), 8))
        .hasMessageContaining("answered without choices[0].message.content");
  }

  @Test
  void keepsTheOrderOfManyQuestions() {
    server.removeContext("/v1/chat/completions");
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          var request = JsonMapper.shared().readTree(exchange.getRequestBody());
          String asked = request.get("messages").get(0).get("content").stringValue();
          send(exchange, new Canned(200, body(asked.replace("Bake", "Baked")), ""));
        });
    var questions = IntStream.range(0, 30).mapToObj(i -> question("Bake " + i)).toList();
    assertThat(endpoint().generate(questions, 8))
        .isEqualTo(IntStream.range(0, 30).mapToObj(i -> "Baked " + i).toList());
  }

  @Test
  void saysWhatItWouldCostBeforeItStarts() {
    says(200, "none");
    var endpoint = endpoint();
    endpoint.generate(List.of(question("Bake.")), 8);
    var estimate = endpoint.estimate(List.of(question("Bake."), question("Ice it.")), 8);
    assertThat(estimate.requests()).isEqualTo(1);
    assertThat(estimate.cached()).isEqualTo(1);
    assertThat(estimate.tokensOut()).isEqualTo(8);
    assertThat(requests).hasSize(1);
    assertThat(
            new CostEstimate(1500, 20, 900_000, 12_000)
                .asText(Optional.of(new Pricing(0.5, 1.5, "USD"))))
        .isEqualTo(
            "1,500 requests (20 more are cached), about 900,000 tokens in, at most 12,000 out: at"
                + " most USD 0.47");
  }

  @Test
  void judgesRefusals() {
    says(200, "Partial.");
    var judge = new GuardRefusalJudge(GuardDescription.builtIn("refusal-prompt"), endpoint());
    assertThat(judge.judgeAll(List.of(Completion.of("Bake.", "I'd rather not, but: flour."))))
        .containsExactly(new Verdict(Refusal.PARTIAL, 0.5, "Partial."));
  }

  @Test
  void wantsItsKeyAndASafeRoad() {
    var config = config(Duration.ofSeconds(10));
    assertThatThrownBy(() -> ChatEndpoint.open(config, cache, _ -> ""))
        .hasMessageContaining("set the environment variable JUDGE_KEY");
    assertThatThrownBy(
            () -> EndpointConfig.of(URI.create("http://judge.example/v1"), "m", "JUDGE_KEY"))
        .hasMessage("a key is not sent over plain http to judge.example; use https");
  }

  /// What writes a body, until the client hangs up.
  @FunctionalInterface
  private interface Body {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private void bodies(Body body) {
    server.removeContext("/v1/chat/completions");
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          requests.add(JsonMapper.shared().readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, 0);
          try (exchange) {
            body.write(exchange.getResponseBody());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private ChatEndpoint endpoint() {
    return endpoint(Duration.ofSeconds(10));
  }

  private ChatEndpoint endpoint(Duration timeout) {
    return ChatEndpoint.open(config(timeout), cache, name -> name.equals("JUDGE_KEY") ? KEY : "");
  }

  private EndpointConfig config(Duration timeout) {
    return new EndpointConfig(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1"),
        "judge-1",
        "JUDGE_KEY",
        60_000,
        4,
        3,
        Duration.ofMillis(5),
        timeout);
  }

  private static GuardPrompt question(String text) {
    return new GuardPrompt.Chat(List.of(ChatMessage.user(text)), Map.of());
  }

  private void says(int status, String content) {
    answers.add(new Canned(status, body(content), ""));
  }

  private static String body(String content) {
    var json = JsonMapper.shared().createObjectNode();
    json.putArray("choices").addObject().putObject("message").put("content", content);
    return json.toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(JsonMapper.shared().readTree(exchange.getRequestBody()));
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    send(exchange, answers.size() > 1 ? answers.remove() : answers.element());
  }

  private static void send(HttpExchange exchange, Canned canned) throws IOException {
    if (!canned.retryAfter().isEmpty()) {
      exchange.getResponseHeaders().add("Retry-After", canned.retryAfter());
    }
    byte[] bytes = canned.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(canned.status(), bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
