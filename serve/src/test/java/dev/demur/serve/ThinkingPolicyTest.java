package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.study.Prompting;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import dev.demur.serve.http.ListenSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Policies for a thought and for what comes after it, on the embedded model that thinks.
class ThinkingPolicyTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION = "How do I sneak into the cinema?";
  private static final int TOKENS = 32;
  private static final int FEW = 8;

  private static TestServer demo;
  private static final Map<String, List<Integer>> WRITTEN = new HashMap<>();

  @BeforeAll
  static void open() {
    demo = TestServer.open("demo-think", TestServer.settings(ListenSettings.local(0)));
  }

  @AfterAll
  static void close() {
    demo.close();
  }

  private static List<String> lines() {
    return List.of(
        "add 8 r @after-thinking",
        "ablate r @thinking; add -8 r @after-thinking",
        "add -2 r; add 8 r @thinking when r > -100");
  }

  /// The policy of the library: the thought is written in one pass, the answer in another.
  private static List<Integer> library(String line) {
    return WRITTEN.computeIfAbsent(line, ThinkingPolicyTest::inTwoPasses);
  }

  private static List<Integer> inTwoPasses(String line) {
    var policy = demo.server.treatments().policy(line);
    int layers = demo.model.config().nLayers();
    var prompt = demo.model.prompt(QUESTION).tokens();
    var close = demo.model.tokenizer().encode(Prompting.CLOSE);
    var open = written(prompt, policy.whileThinking().plan(layers), Set.of(close.get(0)));
    var stop = open.stream().filter(demo.model.stopTokens()::contains).findFirst();
    if (stop.isPresent()) { // the turn ends within the thought
      return open.stream().takeWhile(id -> id != stop.getAsInt()).boxed().toList();
    }
    var thought = open.plus(close);
    var behind = policy.planBehind(List.of(thought.size()), layers);
    var answer = written(prompt.plus(thought), behind, demo.model.stopTokens());
    return Stream.concat(thought.stream().boxed(), answer.stream().boxed()).limit(TOKENS).toList();
  }

  private static TokenIds written(TokenIds prompt, HookPlan plan, Set<Integer> stops) {
    var options = new GenerationOptions(TOKENS, 1, new Sampler.Greedy(), stops);
    return new Generator(demo.model.transformer(), options, plan)
        .complete(List.of(prompt), _ -> {})
        .getFirst()
        .tokens();
  }

  private static JsonNode ask(String line, int tokens, String more) {
    return demo.json(
        CHAT,
        """
        {"temperature": 0, "max_tokens": %d, "messages": [{"role": "user", "content": "%s"}],
         "demur": {"policy": "%s", "read": "r"}%s}\
        """
            .formatted(tokens, QUESTION, line, more));
  }

  private static List<Integer> ids(JsonNode choice) {
    return choice.at("/demur/tokens").valueStream().map(each -> each.get("id").asInt()).toList();
  }

  private static List<Integer> served(String line) {
    return ids(ask(line, TOKENS, "").at("/choices/0"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aPolicyThroughHttpIsTheOneOfTheLibrary(String line) {
    assertThat(served(line)).isEqualTo(library(line));
  }

  @Test
  void neighboursInOtherThoughtsChangeNothing() throws Exception {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var together =
          lines().stream()
              .<Callable<List<Integer>>>map(line -> () -> served(line))
              .map(clients::submit)
              .toList();
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).as(lines().get(i)).isEqualTo(library(lines().get(i)));
      }
    }
    var different =
        Stream.concat(lines().stream(), Stream.of("ablate r")).map(line -> library(line));
    assertThat(different).doesNotHaveDuplicates();
  }

  /// Each of several answers to one request has a thought of its own.
  @Test
  void severalAnswersKeepTheirThoughtsApart() {
    var answer = ask("add 8 r @after-thinking", TOKENS, ", \"n\": 2");
    assertThat(ids(answer.at("/choices/0")))
        .isEqualTo(ids(answer.at("/choices/1")))
        .isEqualTo(library("add 8 r @after-thinking"));
  }

  /// An answer that opens no thought has none: it is all after thinking.
  @Test
  void withoutAThoughtEverythingComesAfterIt() {
    String off = ", \"chat_template_kwargs\": {\"enable_thinking\": false}";
    var after = ask("add 8 r @after-thinking", FEW, off);
    var answer = ask("add 8 r @answer", FEW, off);
    assertThat(ids(after.at("/choices/0"))).isEqualTo(ids(answer.at("/choices/0")));
    assertThat(after.at("/choices/0/message").has("reasoning_content")).isFalse();
    assertThat(ids(ask("add 8 r @thinking", FEW, off).at("/choices/0")))
        .isEqualTo(ids(ask("add 0 r", FEW, off).at("/choices/0")));
  }

  @Test
  void aModelThatMarksNoThoughtsRefusesSuchPolicies() {
    var plain = TestServer.shared();
    String body =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
            + " \"demur\": {\"policy\": \"ablate r @thinking\"}}";
    var refused = plain.post(CHAT, body);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("demur.policy", "has no tokens <think>");
    var verdict = plain.json("/demur/v1/policies/validate", "{\"policy\": \"ablate r @thinking\"}");
    assertThat(verdict.get("valid").asBoolean()).isFalse();
  }

  @Test
  void aDoseIsToldOfRulesForThoughts() {
    var verdict = demo.json("/demur/v1/policies/validate", "{\"policy\": \"add 1 r @thinking\"}");
    assertThat(verdict.at("/done/relative_dose").asDouble()).isPositive();
  }

  /// What reads prompts alone cannot place such a rule, and says so.
  @Test
  void whatIsNotWrittenHasNoThought() {
    String body = "{\"prompt\": \"Hi\", \"demur\": {\"policy\": \"ablate r @thinking\"}}";
    var rows = demo.json("/demur/v1/score", body).get("rows");
    assertThat(rows.get(1).get("score")).isEqualTo(rows.get(0).get("score"));
    assertThat(demo.post("/demur/v1/explain", body).statusCode()).isEqualTo(400);
    assertThat(demo.post("/demur/v1/restore", body).statusCode()).isEqualTo(400);
  }
}
