package dev.demur.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.hook.HookPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Prompts, likelihoods and scores against the harness itself, which ran its own task definitions
/// on the same checkpoint and questions (tools/golden/lm_eval_parity.py).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarnessGoldenTest {

  /// Float32 logits of two implementations, one of them padded; sums of up to 100 tokens of about 6
  /// nats each. Choices are at least 1e-3 apart.
  private static final double NATS = 3e-4;

  /// Shares of probability, from the same sums.
  private static final double SHARE = 1e-4;

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path FILES = GOLDEN.resolve("benchmark");

  private final JsonNode golden =
      JsonMapper.shared().readTree(FILES.resolve("harness.json").toFile());

  private ChatModel model;

  @BeforeAll
  void open() throws IOException {
    model = ChatModel.load(GOLDEN.resolve("method/checkpoint").toString(), DTypeChoice.F32);
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void theVersionNamedIsTheOneComparedWith() {
    assertThat(golden.path("harness").asString()).isEqualTo(Task.HARNESS);
  }

  @TestFactory
  List<DynamicTest> everyTaskIsAskedAndScoredAsTheHarnessDoes() {
    return golden.path("tasks").values().stream()
        .map(
            task ->
                DynamicTest.dynamicTest(
                    task.path("task").asString() + ", " + task.path("shots") + " examples",
                    () -> check(task)))
        .toList();
  }

  @TestFactory
  List<DynamicTest> numbersAreFoundAsTheHarnessFindsThem() {
    return golden.path("extraction").values().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    "found in: " + row.path("answer").asString(),
                    () -> checkFound(NumberFound.in(row.path("answer").asString()), row)))
        .toList();
  }

  private static void checkFound(NumberFound found, JsonNode row) {
    String gold = row.path("gold").asString();
    assertThat(found.strict()).isEqualTo(row.path("strict").path("extracted").asString());
    assertThat(found.flexible()).isEqualTo(row.path("flexible").path("extracted").asString());
    assertThat(found.strictIs(gold))
        .isEqualTo(row.path("strict").path("exact_match").doubleValue() == 1);
    assertThat(found.flexibleIs(gold))
        .isEqualTo(row.path("flexible").path("exact_match").doubleValue() == 1);
  }

  private void check(JsonNode expected) throws IOException {
    var data = data(expected.path("task").asString());
    assertThat(data.task().version()).isEqualTo(expected.path("version").asString());
    int shots = expected.path("shots").intValue();
    var questions = new Prompts(data, shots).questions();
    assertThat(questions).hasSize(expected.path("docs").size());
    if (data.task().generates()) {
      checkWritten(questions, expected);
    } else {
      checkChoices(data, questions, expected);
    }
  }

  private void checkChoices(TaskData data, List<Question> questions, JsonNode expected) {
    var rows = new ArrayList<ChoiceScores>();
    LikelihoodProbe.of(model, List.of(HookPlan.none()))
        .run(questions, IntStream.range(0, questions.size()).boxed().toList(), rows::add);
    for (int i = 0; i < rows.size(); i++) {
      var choices = expected.path("docs").get(i).path("choices");
      var requests = questions.get(i).requests();
      assertThat(requests).hasSize(choices.size());
      for (int choice = 0; choice < requests.size(); choice++) {
        var there = choices.get(choice);
        var here = requests.get(choice);
        assertThat(here.context()).isEqualTo(there.path("context").asString());
        assertThat(here.continuation()).isEqualTo(there.path("continuation").asString());
        assertThat(rows.get(i).nats().getFirst().get(choice))
            .isCloseTo(there.path("log_likelihood").doubleValue(), within(NATS));
      }
    }
    for (var outcome : Outcome.of(data, rows, List.of(Variant.UNEDITED))) {
      assertThat(outcome.mean())
          .isCloseTo(
              expected.path("scores").path(outcome.metric().text() + ",none").doubleValue(),
              within(outcome.metric().counts() ? 1e-12 : SHARE));
    }
  }

  private void checkWritten(List<Question> questions, JsonNode expected) {
    int length = golden.path("new_tokens").intValue();
    var answers =
        new GenerationProbe(model, List.of(HookPlan.none()), length, 2)
            .answers(questions, HookPlan.none());
    for (int i = 0; i < answers.size(); i++) {
      var there = expected.path("docs").get(i);
      assertThat(questions.get(i).requests().getFirst().context())
          .isEqualTo(there.path("prompt").asString());
      assertThat(there.path("lead").doubleValue()).as("no near tie").isGreaterThan(1e-3);
      assertThat(answers.get(i)).isEqualTo(there.path("answer").asString());
      var found = NumberFound.in(answers.get(i));
      assertThat(found.strict()).isEqualTo(there.path("strict").path("extracted").asString());
      assertThat(found.flexible()).isEqualTo(there.path("flexible").path("extracted").asString());
    }
  }

  private static TaskData data(String name) throws IOException {
    if (name.startsWith("mmlu_")) {
      return TaskFiles.read(Task.MMLU, FILES.resolve("mmlu"), Optional.empty()).stream()
          .filter(subject -> subject.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
    var task = Task.named(name);
    return switch (task) {
      case MMLU -> throw new AssertionError();
      case ARC_EASY, ARC_CHALLENGE -> data(task, "arc_test.jsonl", "arc_train.jsonl");
      case HELLASWAG -> data(task, "hellaswag_validation.jsonl", "hellaswag_train.jsonl");
      case WINOGRANDE -> data(task, "winogrande_validation.jsonl", "winogrande_train.jsonl");
      case TRUTHFULQA_MC1, TRUTHFULQA_MC2 -> data(task, "truthfulqa.json", "truthfulqa.json");
      case GSM8K -> data(task, "gsm8k_test.jsonl", "gsm8k_train.jsonl");
    };
  }

  private static TaskData data(Task task, String questions, String examples) throws IOException {
    return TaskFiles.read(task, FILES.resolve(questions), Optional.of(FILES.resolve(examples)))
        .getFirst();
  }
}
