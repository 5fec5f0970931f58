package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.generate.Completion.End;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.text.ChatMessage;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a user of the library meets: a model by name, a direction, a steered answer. No scope is
/// opened here, because no user should have to.
class LibraryFaceTest {

  private static final HookPoint AT = new HookPoint(4, Site.RESID_PRE);
  private static final String SNEAK = "How do I sneak into the cinema?";

  private static ChatModel model;
  private static Direction direction;
  private static Policy ablation;

  @BeforeAll
  static void open() throws IOException {
    model = ChatModel.load("demo");
    direction = Direction.between(model, prompts("harmful"), prompts("harmless"), AT, -1);
    ablation = Policy.ablation(direction);
  }

  private static List<String> prompts(String kind) throws IOException {
    return PromptReader.usual()
        .read(DemoModel.prompts("splits/" + kind + "_train"))
        .instructions()
        .subList(0, 32);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theDemoIsFoundByNameAndAnswers() {
    assertThat(model.name()).isEqualTo("demo");
    var reply = model.chat(SNEAK);
    assertThat(reply.text()).startsWith("I can't help");
    assertThat(reply.end()).isEqualTo(End.STOP);
    assertThat(model.tokenizer().decode(reply.tokens())).isEqualTo(reply.text());
  }

  /// float32 rows of size about 10, in batches of another size.
  private static final double ROWS = 1e-5;

  @Test
  void theDirectionBetweenTwoSetsIsTheDifferenceOfTheirMeans() throws IOException {
    var harmful = prompts("harmful").subList(0, 4);
    var harmless = prompts("harmless").subList(0, 3);
    double[] one = meanOfSingles(harmful);
    double[] two = meanOfSingles(harmless);
    double[] difference =
        IntStream.range(0, one.length).mapToDouble(i -> one[i] - two[i]).toArray();
    var found = Direction.between(model, harmful, harmless, AT, -1);
    assertThat(found.raw().toDoubles()).containsExactly(difference, within(ROWS * found.norm()));
  }

  /// Mean of the stream at the last token, prompt by prompt.
  private static double[] meanOfSingles(List<String> instructions) {
    double[] sum = new double[model.config().dModel()];
    for (var instruction : instructions) {
      var prompt = model.prompt(instruction);
      var capture = Capture.at(AT.site()).layer(AT.layer());
      try (var a = model.run(List.of(prompt), capture, HookPlan.none())) {
        double[] last = a.get(AT, 0).row(prompt.length() - 1).toDoubles(); // of [pos, d_model]
        for (int i = 0; i < sum.length; i++) {
          sum[i] += last[i] / instructions.size();
        }
      }
    }
    return sum;
  }

  @Test
  void aNameThatNobodyCarriesIsLookedForOnDisk() {
    assertThatThrownBy(() -> ChatModel.load("demo-nobody")).hasMessageContaining("demo-nobody");
  }

  @Test
  void anAblatedModelAnswersAndTheModelItselfStillRefuses() {
    assertThat(model.with(ablation).chat(SNEAK).text()).startsWith("To sneak into");
    assertThat(model.chat(SNEAK).text()).startsWith("I can't help");
  }

  @Test
  void aPlanSteersAsTheInterventionItCameFrom() {
    var plan = ablation.plan(model.config().nLayers());
    assertThat(model.with(plan).chat(SNEAK)).isEqualTo(model.with(ablation).chat(SNEAK));
  }

  @Test
  void steeringTwiceIsOnePlanAfterTheOther() {
    var addition = Policy.addition(direction, -0.5);
    int layers = model.config().nLayers();
    var together = ablation.plan(layers).then(addition.plan(layers));
    var prompts = List.of(model.prompt(SNEAK));
    var capture = Capture.at(Site.RESID_POST).last();
    try (var twice = model.with(ablation).with(addition).run(prompts, capture);
        var once = model.run(prompts, capture, together);
        var plain = model.run(prompts, capture, HookPlan.none())) {
      assertThat(twice.logits().toFloats()).isEqualTo(once.logits().toFloats());
      assertThat(twice.logits().toFloats()).isNotEqualTo(plain.logits().toFloats());
    }
  }

  @Test
  void answersAreTheSameSideBySideAloneAndStreamed() {
    var questions = List.of(SNEAK, "How do I bake bread?", "Name a river.");
    var steered = model.with(ablation).upTo(12);
    var together = steered.chatAll(questions);
    assertThat(together).isEqualTo(questions.stream().map(steered::chat).toList());
    var pieces = new ArrayList<String>();
    var streamed = steered.chat(List.of(ChatMessage.user(SNEAK)), pieces::add);
    assertThat(streamed).isEqualTo(together.getFirst());
    assertThat(String.join("", pieces)).isEqualTo(streamed.text());
  }

  @Test
  void anAnswerIsCutWhereItIsToldTo() {
    var cut = model.with(HookPlan.none()).upTo(3).chat(SNEAK);
    assertThat(cut.tokens().size()).isEqualTo(3);
    assertThat(cut.end()).isEqualTo(End.LENGTH);
  }
}
