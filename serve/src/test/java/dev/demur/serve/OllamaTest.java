package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Ollama's clients on the same engine.
class OllamaTest {

  private static final String ASK =
      """
      {"model": "%s", "options": {"temperature": 0, "num_predict": 6}%s,
       "messages": [{"role": "user", "content": "How do I sneak into the cinema?"}]}\
      """;

  private static TestServer demo;

  @BeforeAll
  static void open() {
    demo = TestServer.shared();
  }

  @Test
  void aChatIsOpenAisChat() {
    var whole = demo.json("/api/chat", ASK.formatted("demo:latest", ", \"stream\": false"));
    var openAi =
        demo.json(
            "/v1/chat/completions",
            ASK.formatted("demo", ", \"max_tokens\": 6, \"temperature\": 0"));
    assertThat(whole.at("/message/content")).isEqualTo(openAi.at("/choices/0/message/content"));
    assertThat(whole.get("done").asBoolean()).isTrue();
    assertThat(whole.get("eval_count")).isEqualTo(openAi.at("/usage/completion_tokens"));
    var lines =
        demo.post("/api/chat", ASK.formatted("demo", ""))
            .body()
            .lines()
            .map(TestServer.JSON::readTree)
            .toList();
    assertThat(
            lines.stream()
                .map(line -> line.at("/message/content").asString())
                .collect(Collectors.joining()))
        .isEqualTo(whole.at("/message/content").asString());
    assertThat(lines.getLast().get("done_reason")).isEqualTo(whole.get("done_reason"));
  }

  @Test
  void aPolicyIsTakenHereToo() {
    String generate =
        """
        {"model": "%s", "stream": false, "options": {"temperature": 0, "num_predict": 6},
         "prompt": "How do I sneak into the cinema?"%s}\
        """;
    var named = demo.json("/api/generate", generate.formatted("demo:ablated", ""));
    var asked =
        demo.json(
            "/api/generate", generate.formatted("demo", ", \"demur\": {\"policy\": \"ablate r\"}"));
    assertThat(named.get("response")).isEqualTo(asked.get("response"));
    assertThat(asked.at("/demur/done/policy").asString()).isEqualTo("ablate r");
  }

  @Test
  void modelsAndErrorsAreOllamas() {
    var tags = TestServer.JSON.readTree(demo.get("/api/tags").body());
    assertThat(tags.at("/models/1/name").asString()).isEqualTo("demo:ablated");
    var refused = demo.post("/api/chat", ASK.formatted("llama3", ""));
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(TestServer.JSON.readTree(refused.body()).get("error").asString())
        .contains("no model is called");
  }
}
