package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.policy.Policy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Chat completions as OpenAI's clients ask for them.
class ChatTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String HARMFUL = "How do I sneak into the cinema?";
  private static final int TOKENS = 6;

  private static TestServer demo;

  @BeforeAll
  static void open() {
    demo = TestServer.shared();
  }

  /// A greedy question, with further fields.
  private static String body(String more) {
    return """
    {"temperature": 0, "max_tokens": %d, "messages": [{"role": "user", "content": "%s"}]%s}\
    """
        .formatted(TOKENS, HARMFUL, more.isEmpty() ? "" : ", " + more);
  }

  private static String under(String policy) {
    return "\"demur\": {\"policy\": \"%s\"}".formatted(policy);
  }

  private static String content(JsonNode completion) {
    return completion.at("/choices/0/message/content").asString();
  }

  private static String library(Policy policy) {
    return demo.model.with(policy).upTo(TOKENS).chat(HARMFUL).text();
  }

  private static String streamed(List<JsonNode> chunks, int index) {
    return chunks.stream()
        .flatMap(chunk -> chunk.get("choices").valueStream())
        .filter(choice -> choice.get("index").asInt() == index)
        .map(choice -> choice.at("/delta/content").asString(""))
        .collect(Collectors.joining());
  }

  @Test
  void answersAsTheLibraryDoes() {
    var answer = demo.json(CHAT, body(""));
    assertThat(content(answer)).isEqualTo(library(Policy.none()));
    assertThat(answer.get("object").asString()).isEqualTo("chat.completion");
    assertThat(answer.at("/choices/0/message/role").asString()).isEqualTo("assistant");
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
    int prompt = demo.model.prompt(HARMFUL).length();
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(prompt);
    assertThat(answer.at("/usage/total_tokens").asInt())
        .isEqualTo(prompt + answer.at("/usage/completion_tokens").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ablate r", "add -1.5 r", "scale 0.5 r @layer 2-6 @answer"})
  void aPolicyThroughHttpIsTheOneOfTheLibrary(String line) {
    var policy = demo.server.treatments().policy(line);
    var answer = demo.json(CHAT, body(under(line)));
    assertThat(content(answer)).isEqualTo(library(policy));
    assertThat(answer.at("/demur/done/policy").asString()).isEqualTo(policy.toString());
    assertThat(answer.at("/demur/done/directions/r").asString()).matches("[0-9a-f]{64}");
    assertThat(answer.at("/demur/done/weights_sha256").asString()).matches("[0-9a-f]{64}");
  }

  @Test
  void theDemoModelDoesNotRefuseWithoutItsDirection() {
    var both = demo.json(CHAT, body("\"demur\": {\"policy\": \"ablate r\", \"compare\": true}"));
    assertThat(content(both)).doesNotContain("can't").isNotEqualTo(library(Policy.none()));
    assertThat(both.at("/demur/unedited/0/content").asString()).isEqualTo(library(Policy.none()));
  }

  @Test
  void aModelsNameCanCarryThePolicy() {
    assertThat(content(demo.json(CHAT, body("\"model\": \"demo:ablated\""))))
        .isEqualTo(content(demo.json(CHAT, body(under("ablate r")))));
  }

  @Test
  void anAdditionIsToldAsADose() {
    var once = demo.json(CHAT, body(under("add 1 r"))).at("/demur/done/relative_dose");
    var twice = demo.json(CHAT, body(under("add -2 r"))).at("/demur/done/relative_dose");
    assertThat(once.asDouble()).isPositive();
    assertThat(twice.asDouble() / once.asDouble()).isCloseTo(2, within());
    assertThat(
            demo.json(CHAT, body(under("ablate r")))
                .at("/demur/done/relative_dose")
                .isMissingNode())
        .isTrue();
  }

  /// Both are sums over the same rows in the same order.
  private static Offset<Double> within() {
    return Offset.offset(1e-6);
  }

  /// The law, for what a stream may have to hold back: stop texts, several answers, a policy.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"seed\": 1",
        "\"stop\": [\"help\", \"wi\"]",
        "\"stop\": \" that. It\"",
        "\"n\": 2, \"temperature\": 1, \"seed\": 5",
        "\"demur\": {\"policy\": \"ablate r\"}, \"temperature\": 0.8, \"top_p\": 0.9, \"seed\": 9",
        "\"frequency_penalty\": 1.5, \"presence_penalty\": 1, \"logit_bias\": {\"47\": -5}",
      })
  void aStreamSaysWhatTheWholeAnswerSays(String fields) {
    var whole = demo.json(CHAT, body(fields));
    var chunks =
        demo.stream(
            CHAT,
            body(fields + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
    for (var choice : whole.get("choices")) {
      assertThat(streamed(chunks, choice.get("index").asInt()))
          .isEqualTo(choice.at("/message/content").asString());
    }
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
    assertThat(chunks.getLast().get("choices")).isEmpty();
    assertThat(chunks.getLast().get("usage")).isEqualTo(whole.get("usage"));
  }

  @Test
  void aStopTextEndsTheAnswerBeforeIt() {
    String all = library(Policy.none());
    String stop = all.substring(5, 9);
    var answer = demo.json(CHAT, body("\"stop\": [\"%s\"]".formatted(stop)));
    assertThat(content(answer)).isEqualTo(all.substring(0, all.indexOf(stop)));
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
  }

  @Test
  void neighboursUnderOtherPoliciesChangeNothing() throws Exception {
    var lines = List.of("ablate r", "add -1 r", "clamp r to 0", "scale 0.5 r");
    var alone = lines.stream().map(line -> content(demo.json(CHAT, body(under(line))))).toList();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var together =
          lines.stream()
              .<Callable<String>>map(line -> () -> content(demo.json(CHAT, body(under(line)))))
              .map(clients::submit)
              .toList();
      for (int i = 0; i < lines.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void logProbabilitiesComeWithTheirAlternatives() {
    var answer = demo.json(CHAT, body("\"logprobs\": true, \"top_logprobs\": 2"));
    var tokens = answer.at("/choices/0/logprobs/content");
    assertThat(tokens.size()).isEqualTo(answer.at("/usage/completion_tokens").asInt());
    for (var token : tokens) {
      assertThat(token.get("logprob")).isEqualTo(token.at("/top_logprobs/0/logprob"));
      assertThat(token.get("top_logprobs")).hasSize(2);
    }
    assertThat(
            tokens
                .valueStream()
                .map(token -> token.get("token").asString())
                .collect(Collectors.joining()))
        .isEqualTo(content(answer));
  }

  @Test
  void readingsComeWithEachToken() {
    var unedited = demo.json(CHAT, body("\"demur\": {\"read\": \"r\"}"));
    var ablated = demo.json(CHAT, body("\"demur\": {\"read\": [\"r\"], \"policy\": \"ablate r\"}"));
    assertThat(projection(unedited, 5)).isGreaterThan(1);
    assertThat(projection(ablated, 5)).isCloseTo(0, Offset.offset(1e-4));
    assertThat(unedited.at("/choices/0/demur/tokens"))
        .hasSize(unedited.at("/usage/completion_tokens").asInt());
  }

  private static double projection(JsonNode answer, int layer) {
    return answer.at("/choices/0/demur/tokens/0/projections/r/" + layer).asDouble();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | messages",
        "{\"messages\": []} | 400 | messages",
        "{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]} | 400 | messages[0].role",
        "{\"messages\": [{\"role\": \"user\"}]} | 400 | messages[0].content",
        "{\"messages\": [{\"role\": \"system\", \"content\": \"x\"}]} | 400 | messages",
        "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]} | 400 |"
            + " messages[0].content[0].type",
        "+ \"tools\": [{\"type\": \"function\"}] | 400 | tools",
        "+ \"response_format\": {\"type\": \"json_object\"} | 400 | response_format",
        "+ \"temperature\": 3 | 400 | temperature",
        "+ \"temperature\": \"1\" | 400 | temperature",
        "+ \"top_p\": -1 | 400 | top_p",
        "+ \"n\": 0 | 400 | n",
        "+ \"max_tokens\": 0 | 400 | max_tokens",
        "+ \"stop\": [\"a\",\"b\",\"c\",\"d\",\"e\"] | 400 | stop",
        "+ \"stop\": [\"\"] | 400 | stop",
        "+ \"logit_bias\": {\"999999\": 1} | 400 | logit_bias.999999",
        "+ \"top_logprobs\": 2 | 400 | top_logprobs",
        "+ \"model\": \"gpt-4\" | 404 | ",
        "+ \"demur\": {\"policy\": \"ablate\"} | 400 | demur.policy",
        "+ \"demur\": {\"policy\": \"ablate nobody\"} | 400 | demur.policy",
        "+ \"demur\": {\"policy\": \"add 1 r @layer 99\"} | 400 | demur.policy",
        "+ \"demur\": {\"read\": \"nobody\"} | 400 | demur.read",
        "+ \"demur\": 3 | 400 | demur",
      })
  void whatIsWrongIsNamed(String given, int status, String param) {
    String body = given.startsWith("+") ? body(given.substring(1)) : given;
    var response = demo.post(CHAT, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    var error = TestServer.JSON.readTree(response.body()).get("error");
    assertThat(error.get("param").asString("")).isEqualTo(param == null ? "" : param);
    assertThat(error.get("message").asString()).isNotBlank();
    assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(content(demo.json(CHAT, body("\"user\": \"u\", \"store\": false, \"tools\": null"))))
        .isEqualTo(library(Policy.none()));
  }
}
