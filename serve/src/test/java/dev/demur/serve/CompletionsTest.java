package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.score.LogLikelihood;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Text completions, which evaluation harnesses score with.
class CompletionsTest {

  private static final String TEXT = "/v1/completions";

  /// float32 sums in another order, |log p| up to 20.
  private static final Offset<Double> CLOSE = Offset.offset(1e-3);

  private static TestServer demo;

  @BeforeAll
  static void open() {
    demo = TestServer.shared();
  }

  private static TokenIds tokens(String text) {
    return demo.model.prompts().raw(text).tokens();
  }

  private static JsonNode complete(String fields) {
    return demo.json(TEXT, "{\"temperature\": 0, " + fields + "}");
  }

  /// What lm-evaluation-harness asks: the prompt's own log-probabilities, and one token more that
  /// it cuts off, so that it must be there even where it ends the answer.
  @Test
  void thePromptsLogProbabilitiesAreTheModels() {
    var ids = demo.model.prompt("How do I bake bread?").tokens();
    var choice =
        complete(
                "\"prompt\": %s, \"max_tokens\": 1, \"echo\": true, \"logprobs\": 1".formatted(ids))
            .at("/choices/0");
    var logprobs = choice.get("logprobs");
    try (var _ = Scope.open()) {
      var logits = demo.model.forward().logits(ids, HookPlan.none());
      var expected =
          LogLikelihood.of(logits.narrow(0, 0, ids.size() - 1), ids.slice(1, ids.size()).toList());
      for (int i = 1; i < ids.size(); i++) {
        assertThat(logprobs.at("/token_logprobs/" + i).asDouble())
            .isCloseTo(expected.get(i - 1), CLOSE);
      }
    }
    assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.get("tokens")).hasSize(ids.size() + 1);
    assertThat(logprobs.get("text_offset")).hasSize(ids.size() + 1);
  }

  @Test
  void aPromptCanBeScoredWithoutWriting() {
    var scored =
        complete("\"prompt\": \"a b c\", \"max_tokens\": 0, \"echo\": true, \"logprobs\": 0");
    assertThat(scored.at("/choices/0/text").asString()).isEqualTo("a b c");
    assertThat(scored.at("/choices/0/logprobs/tokens")).hasSize(tokens("a b c").size());
    assertThat(scored.at("/usage/completion_tokens").asInt()).isZero();
  }

  @Test
  void theTokenThatEndsAnAnswerIsScoredToo() {
    var end = demo.model.tokenizer().text(demo.model.stopTokens().iterator().next());
    var ids = demo.model.prompt("How do I sneak into the cinema?").tokens();
    var choice =
        complete(
                "\"prompt\": %s, \"max_tokens\": 60, \"echo\": true, \"logprobs\": 0"
                    .formatted(ids))
            .at("/choices/0");
    assertThat(choice.get("finish_reason").asString()).isEqualTo("stop");
    assertThat(choice.at("/logprobs/tokens").valueStream().toList().getLast().asString())
        .isEqualTo(end);
  }

  @Test
  void severalPromptsAreAnsweredInTheirOrder() {
    var one = complete("\"prompt\": \"Bread\", \"max_tokens\": 4").at("/choices/0/text").asString();
    var two = complete("\"prompt\": \"Tea\", \"max_tokens\": 4").at("/choices/0/text").asString();
    var all =
        complete(
            "\"prompt\": [\"Bread\", \"Tea\", \"Bread\", \"Tea\", \"Bread\", \"Tea\"],"
                + " \"max_tokens\": 4");
    assertThat(all.get("choices").valueStream().map(c -> c.get("text").asString()))
        .containsExactly(one, two, one, two, one, two);
    assertThat(all.get("choices").valueStream().map(c -> c.get("index").asInt()))
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void tokensAndTextsAskTheSame() {
    var ids = tokens("Bread and");
    assertThat(complete("\"prompt\": %s".formatted(ids)).at("/choices/0/text"))
        .isEqualTo(complete("\"prompt\": \"Bread and\"").at("/choices/0/text"));
    assertThat(complete("\"prompt\": [%s]".formatted(ids)).at("/choices/0/text"))
        .isEqualTo(complete("\"prompt\": [\"Bread and\"]").at("/choices/0/text"));
  }

  @Test
  void aStreamSaysWhatTheWholeTextSays() {
    String fields = "\"prompt\": \"Bread\", \"max_tokens\": 8, \"echo\": true";
    var chunks = demo.stream(TEXT, "{\"stream\": true, \"temperature\": 0, " + fields + "}");
    assertThat(
            chunks.stream()
                .map(chunk -> chunk.at("/choices/0/text").asString())
                .collect(Collectors.joining()))
        .isEqualTo(complete(fields).at("/choices/0/text").asString());
  }

  @Test
  void textsBecomeTokensAndTextsAgain() {
    var ids = demo.json("/tokenize", "{\"content\": \"How do I bake bread?\"}");
    assertThat(ids.get("count").asInt()).isEqualTo(ids.get("tokens").size());
    assertThat(
            demo.json("/detokenize", "{\"tokens\": %s}".formatted(ids.get("tokens")))
                .get("content")
                .asString())
        .isEqualTo("How do I bake bread?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | prompt",
        "{\"prompt\": []} | prompt",
        "{\"prompt\": \"\"} | prompt",
        "{\"prompt\": [[]]} | prompt",
        "{\"prompt\": [\"a\", 3]} | prompt",
        "{\"prompt\": [1, -1]} | prompt",
        "{\"prompt\": [99999999]} | prompt",
        "{\"prompt\": \"a\", \"max_tokens\": 0} | max_tokens",
        "{\"prompt\": \"a\", \"logprobs\": true} | logprobs",
        "{\"prompt\": \"a\", \"demur\": {\"compare\": true}} | demur.compare",
      })
  void whatIsWrongIsNamed(String body, String param) {
    var response = demo.post(TEXT, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(TestServer.JSON.readTree(response.body()).at("/error/param").asString(""))
        .isEqualTo(param);
  }

  @Test
  void aNumberOutOfRangeIsToldBack() {
    var response = demo.post(TEXT, "{\"prompt\": \"a\", \"max_tokens\": -3}");
    assertThat(response.body()).contains("must be a whole number", "was -3");
  }
}
