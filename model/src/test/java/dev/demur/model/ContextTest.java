package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.model.forward.Passage;
import dev.demur.model.forward.TeacherForcing;
import dev.demur.model.generate.Completion;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.ContextLengthException;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A6: the one rule about texts longer than a model's context.
@Scoped
class ContextTest {

  private static final String FOLDER = "src/test/resources/golden/checkpoints/llama-gqa-tied";

  private static ChatModel model;
  private static int most;

  @BeforeAll
  static void open() throws IOException {
    model = ChatModel.load(FOLDER, DTypeChoice.F32);
    most = model.config().nCtx();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aTextAsLongAsTheContextIsRead() {
    assertThat(model.forward().lastLogits(List.of(tokens(most)), HookPlan.none()).dim(0)).isOne();
  }

  @Test
  void aLongerTextIsRefusedByItsPlace() {
    var texts = List.of(tokens(3), tokens(most + 1));
    String message = "prompt 1 has 513 tokens; this model sees 512 at once (n_ctx). Shorten it.";
    var forward = model.forward();
    refused(message, () -> forward.lastLogits(texts, HookPlan.none()));
    refused(message, () -> forward.run(texts, HookPlan.none()));
    refused(message, () -> forward.streams(texts));
    refused("513 tokens", () -> forward.logits(texts.getLast(), HookPlan.none()));
    var forcing = TeacherForcing.of(forward, List.of(HookPlan.none()));
    var passage = Passage.whole(tokens(most + 2)); // the last token is not read
    refused("513 tokens", () -> forcing.run(List.of(passage), (_, _) -> {}));
  }

  @Test
  void aPromptThatLeavesNoRoomForAnAnswerIsRefused() {
    String message = "512 tokens; this model sees 512 at once (n_ctx), and an answer needs room";
    refused(message, () -> writer(5).complete(List.of(tokens(most)), _ -> {}));
    refused(message, () -> writer(5).stream(tokens(most), _ -> true));
  }

  @Test
  void anAnswerEndsWhereTheContextDoesAndCountsAsCut() {
    var prompts = List.of(tokens(most - 4), tokens(most - 20), tokens(most - 1));
    var together = writer(10).complete(prompts, _ -> {});
    assertThat(together).extracting(c -> c.tokens().size()).containsExactly(4, 10, 1);
    assertThat(together).extracting(Completion::end).containsOnly(Completion.End.LENGTH);
    assertThat(writer(10).stream(prompts.getFirst(), _ -> true).tokens())
        .isEqualTo(together.getFirst().tokens());
  }

  @Test
  void aPromptIsNamedByItsFirstWords() {
    refused(
        "the prompt \"word word word word word word word word …\" has",
        () -> model.prompts().raw("word ".repeat(600)));
  }

  private static Generator writer(int tokens) {
    var options = new GenerationOptions(tokens, 3, new Sampler.Greedy(), Set.of());
    return new Generator(model.transformer(), options, HookPlan.none());
  }

  private static TokenIds tokens(int count) {
    return TokenIds.of(IntStream.range(0, count).map(i -> 3 + i % 40).boxed().toList());
  }

  private interface Attempt {
    void run();
  }

  private static void refused(String message, Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(ContextLengthException.class)
        .hasMessageContaining(message);
  }
}
