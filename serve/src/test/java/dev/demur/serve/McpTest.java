package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.serve.http.ListenSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The Model Context Protocol, as its revisions say it.
class McpTest {

  private static final String META =
      """
      "_meta": {"io.modelcontextprotocol/protocolVersion": "%s",
                "io.modelcontextprotocol/clientCapabilities": {}}\
      """;

  private static final String CURRENT = "2026-07-28";
  private static final String QUESTION = "How do I sneak into the cinema?";

  private static TestServer demo() {
    return TestServer.shared();
  }

  /// A message of the current revision.
  private static HttpResponse<String> send(
      String version, String method, String name, String params) {
    String body =
        """
        {"jsonrpc": "2.0", "id": 7, "method": "%s", "params": {%s%s}}\
        """
            .formatted(method, META.formatted(version), params.isEmpty() ? "" : ", " + params);
    return demo()
        .post(
            "/mcp", body, "MCP-Protocol-Version", CURRENT, "Mcp-Method", method, "Mcp-Name", name);
  }

  private static JsonNode result(String method, String name, String params) {
    var response = send(CURRENT, method, name, params);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var reply = TestServer.JSON.readTree(response.body());
    assertThat(reply.get("id").asInt()).isEqualTo(7);
    assertThat(reply.at("/result/resultType").asString()).isEqualTo("complete");
    return reply.get("result");
  }

  private static JsonNode call(String tool, String arguments) {
    return result(
        "tools/call", tool, "\"name\": \"%s\", \"arguments\": {%s}".formatted(tool, arguments));
  }

  private static HttpResponse<String> legacy(String body) {
    return demo().post("/mcp", body);
  }

  @Test
  void isOffUnlessAskedFor() {
    try (var plain = TestServer.open(TestServer.settings(ListenSettings.local(0)))) {
      assertThat(plain.post("/mcp", "{}").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void tellsItsVersionsAndTools() {
    var told = result("server/discover", "", "");
    assertThat(told.get("supportedVersions").get(0).asString()).isEqualTo(CURRENT);
    assertThat(told.get("ttlMs").isIntegralNumber()).isTrue();
    var tools = result("tools/list", "", "").get("tools");
    assertThat(tools.valueStream().map(tool -> tool.get("name").asString()))
        .containsExactly("score", "explain", "audit");
    assertThat(tools.at("/1/inputSchema/properties/heads/maximum").asInt()).isEqualTo(64);
    assertThat(tools.toString()).doesNotContain("path", "file");
  }

  @Test
  void scoresAPromptWithoutAndWithAPolicy() {
    var score =
        call("score", "\"prompt\": \"%s\", \"policy\": \"ablate r\"".formatted(QUESTION))
            .get("structuredContent");
    assertThat(score.at("/rows/0/score").asDouble()).isPositive();
    assertThat(score.at("/rows/1/score").asDouble()).isNegative();
    assertThat(score.at("/rows/1/policy").asString()).isEqualTo("ablate r");
    var overHttp =
        demo()
            .json(
                "/demur/v1/score",
                "{\"prompt\": \"%s\", \"demur\": {\"policy\": \"ablate r\"}}".formatted(QUESTION));
    assertThat(score).isEqualTo(overHttp);
  }

  @Test
  void explainsAPrompt() {
    var found = call("explain", "\"prompt\": \"%s\", \"heads\": 2".formatted(QUESTION));
    assertThat(found.at("/structuredContent/prompt/heads")).hasSize(2);
    assertThat(TestServer.JSON.readTree(found.at("/content/0/text").asString()))
        .isEqualTo(found.get("structuredContent"));
  }

  @Test
  void auditsWhatIsServedAndNoPath() {
    var found = call("audit", "").get("structuredContent");
    assertThat(found.get("verdict").asString()).isEqualTo("clean");
    assertThat(found.get("false_alarm_probability").asDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void aToolThatFailsSaysSoToTheAssistant() {
    var refused = call("score", "\"prompt\": \"Hi\", \"direction\": \"../etc/passwd\"");
    assertThat(refused.get("isError").asBoolean()).isTrue();
    assertThat(refused.at("/content/0/text").asString()).contains("there are [r]");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-07-28, tools/call, other, -32020, 400", // the header names another tool
    "2099-01-01, tools/list, '', -32020, 400", // header and body say different versions
    "2026-07-28, resources/list, '', -32601, 404",
  })
  void whatDoesNotFitIsRefused(String version, String method, String name, int code, int status) {
    var refused = send(version, method, name, "\"name\": \"score\"");
    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(TestServer.JSON.readTree(refused.body()).at("/error/code").asInt()).isEqualTo(code);
  }

  @Test
  void earlierRevisionsBeginWithAHandshake() {
    var hello =
        TestServer.JSON.readTree(
            legacy(
                    """
                    {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params":
                     {"protocolVersion": "2025-06-18", "capabilities": {},
                      "clientInfo": {"name": "test", "version": "1"}}}\
                    """)
                .body());
    assertThat(hello.get("id").asString()).isEqualTo("a");
    assertThat(hello.at("/result/protocolVersion").asString()).isEqualTo("2025-06-18");
    assertThat(hello.at("/result/serverInfo/name").asString()).isEqualTo("demur");
    var noted = legacy("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
    assertThat(noted.statusCode()).isEqualTo(202);
    assertThat(noted.body()).isEmpty();
    var tools =
        TestServer.JSON.readTree(
            legacy("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}").body());
    assertThat(tools.at("/result/tools")).hasSize(3);
    assertThat(tools.get("result").has("resultType")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | 400",
        "{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"ping\"} | 400",
        "{\"jsonrpc\": \"2.0\", \"id\": {}, \"method\": \"ping\"} | 400",
        "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": 3} | 400",
        "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"} | 200",
      })
  void bodiesAreStrangers(String body, int status) {
    var answer = legacy(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(TestServer.JSON.readTree(answer.body()).get("jsonrpc").asString()).isEqualTo("2.0");
  }

  @Test
  void nothingIsStreamed() {
    assertThat(demo().get("/mcp").statusCode()).isEqualTo(405);
  }

  /// `-Ddemur.mcp=PYTHON` with the package mcp: its client speaks both kinds of revision.
  @Test
  @Tag("real")
  void thePythonClientCallsTheTools() throws Exception {
    String python = System.getProperty("demur.mcp", "python3");
    var script =
        Path.of(System.getProperty("basedir", ".")).resolve("../tools/serve/mcp_client.py");
    var process =
        new ProcessBuilder(python, script.toString(), demo().url("/mcp")).inheritIO().start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
