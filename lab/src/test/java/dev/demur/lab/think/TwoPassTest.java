package dev.demur.lab.think;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Names;
import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On a tiny random model, whose third written token is taken for the one that closes a thought.
@Scoped
class TwoPassTest {

  private static final int TOKENS = 10;
  private static final List<String> QUESTIONS =
      List.of("How do I bake bread?", "Name three colours.", "What do bees do in winter?");

  private ChatModel model;
  private List<TokenIds> prompts;

  @BeforeEach
  void load() throws IOException {
    model = ChatModel.load(Checkpoints.named("qwen2-tied").toString(), DTypeChoice.F32);
    prompts = QUESTIONS.stream().map(one -> model.prompt(one).tokens()).toList();
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void withoutSteeringTheAnswerBehindTheOwnThoughtIsThePlainOne() {
    for (int i = 0; i < prompts.size(); i++) {
      assertSame(i, Policy.none());
    }
  }

  @Test
  void theSamePolicyInBothPassesIsThatPolicyInOne() {
    for (String line : List.of("ablate r", "add 4 r @answer", "add 4 r @last")) {
      var policy = Policy.parse(line, names());
      for (int i = 0; i < prompts.size(); i++) {
        assertSame(i, policy);
      }
    }
  }

  @Test
  void aThoughtInABatchIsTheThoughtAlone() {
    var policy = Policy.parse("add 4 r @thinking", names());
    var passes = passes(plain(0, Policy.none()).get(2));
    var together = passes.thoughts(prompts, policy);
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(passes.thoughts(List.of(prompts.get(i)), policy)).containsExactly(together.get(i));
    }
  }

  @Test
  void aThoughtThatIsNotClosedIsUnfinished() {
    var never = plain(0, Policy.none()).stream().max().orElseThrow() + 1;
    var thought = passes(never).thoughts(prompts.subList(0, 1), Policy.none()).getFirst();
    assertThat(thought.isClosed()).isFalse();
    assertThat(thought.tokens()).isEqualTo(plain(0, Policy.none()));
  }

  private void assertSame(int prompt, Policy policy) {
    var live = plain(prompt, policy);
    int close = live.get(2);
    var passes = passes(close);
    var one = prompts.subList(prompt, prompt + 1);
    var thoughts = passes.thoughts(one, policy);
    assertThat(thoughts.getFirst().isClosed()).isTrue();
    int length = thoughts.getFirst().tokens().size();
    assertThat(thoughts.getFirst().tokens()).isEqualTo(live.slice(0, length));
    var answer = passes.answers(one, thoughts, policy).getFirst().tokens();
    assertThat(answer.slice(0, live.size() - length))
        .as("%s, prompt %s", policy, prompt)
        .isEqualTo(live.slice(length, live.size()));
  }

  private TwoPass passes(int close) {
    return new TwoPass(
        model, new ThinkBlock(model.tokenizer(), "<think>", close), TOKENS, TOKENS, 4);
  }

  private TokenIds plain(int prompt, Policy policy) {
    var plan = policy.plan(model.config().nLayers());
    return new Generator(model.transformer(), model.greedy(TOKENS, 4), plan)
        .complete(List.of(prompts.get(prompt)), _ -> {})
        .getFirst()
        .tokens();
  }

  private Names names() {
    int width = model.config().dModel();
    var direction =
        Direction.fromMeanDiff(
            Tensor.gaussian(new Random(3), width), new HookPoint(1, Site.RESID_PRE), -1);
    return Names.of(Map.of("r", new Ingredient.Line(direction)));
  }
}
