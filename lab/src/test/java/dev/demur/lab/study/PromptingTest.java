package dev.demur.lab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.lab.judge.Answer;
import dev.demur.lab.study.Prompting.Block;
import dev.demur.lab.study.Prompting.Thinking;
import dev.demur.model.ChatModel;
import dev.demur.model.text.PromptFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Templates that think, in the ways models of today do.
class PromptingTest {

  private static final Path CHECKPOINT = Checkpoints.named("qwen2-tied");

  private static final String TURN =
      "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]";

  /// Thinks unless told not to, as Qwen3 does.
  private static final String SWITCHED =
      TURN
          + "{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}";

  /// Opens a block itself, as DeepSeek R1 does.
  private static final String ALWAYS = TURN + "<think>";

  private static ChatModel model;

  @BeforeAll
  static void open() throws IOException {
    model = ChatModel.load(CHECKPOINT.toString());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Prompting.Formats formats(String template, Thinking thinking) {
    return Prompting.usual().withThinking(thinking).formats(format(template));
  }

  private static PromptFormat format(String template) {
    return PromptFormat.of(model.tokenizer(), Optional.of(template));
  }

  private static String end(PromptFormat format) {
    String text = format.format("Knit.").text();
    return text.substring(text.indexOf("[assistant]") + "[assistant]".length());
  }

  @Test
  void scoresAreReadAfterAnEmptyBlockWhereTheModelWouldThink() {
    for (var thinking : new Thinking[] {Thinking.ON, Thinking.TEMPLATE}) {
      var formats = formats(SWITCHED, thinking);
      assertThat(end(formats.answering())).isEmpty();
      assertThat(end(formats.scoring())).isEqualTo("<think>\n\n</think>\n\n");
      assertThat(formats.block()).isEqualTo(Block.UNKNOWN);
    }
  }

  @Test
  void anOpenBlockIsClosedForScores() {
    var formats = formats(ALWAYS, Thinking.TEMPLATE);
    assertThat(end(formats.answering())).isEqualTo("<think>");
    assertThat(end(formats.scoring())).isEqualTo("<think>\n</think>\n\n");
    assertThat(formats.answer("Wool, I think.").state()).isEqualTo(Answer.State.UNFINISHED);
    assertThat(formats.answer("Wool?</think>Take wool.").text()).isEqualTo("Take wool.");
  }

  @Test
  void thinkingSwitchedOffIsOffForBoth() {
    var formats = formats(SWITCHED, Thinking.OFF);
    assertThat(end(formats.answering())).isEqualTo("<think></think>");
    assertThat(end(formats.scoring())).isEqualTo("<think></think>");
    assertThat(end(formats(ALWAYS, Thinking.OFF).answering()))
        .as("without a switch the block is closed by hand")
        .isEqualTo("<think>\n</think>\n\n");
  }

  @Test
  void aModelThatDoesNotThinkIsLeftAlone() {
    var formats = formats(TURN, Thinking.TEMPLATE);
    assertThat(end(formats.answering())).isEmpty();
    assertThat(end(formats.scoring())).isEmpty();
    assertThat(formats.answer("Take wool.").state()).isEqualTo(Answer.State.NOT_THINKING);
    assertThatThrownBy(() -> formats(TURN, Thinking.ON))
        .hasMessageContaining("thinking cannot be switched on");
  }

  @Test
  void systemTextAndVariablesReachTheTemplate() {
    var prompting =
        new Prompting(
            Optional.of("Be brief."), Thinking.TEMPLATE, new TreeMap<>(Map.of("loud", "true")));
    var format = prompting.formats(format(TURN + "{% if loud %}!{% endif %}")).answering();
    assertThat(format.format("Knit.").text()).isEqualTo("[system]Be brief.[user]Knit.[assistant]!");
  }

  @Test
  void theAnswerOfAThinkingModelBeginsAfterTheBlock() {
    var tokenizer = model.tokenizer();
    var prompt = tokenizer.encode("Knit.");
    for (String before : new String[] {"Wool?</think>", "Wool?</think>\n\n", "<think>a</think> "}) {
      var written = tokenizer.encode(before + "Take wool.");
      var read = Openings.beforeAnswer(prompt, written, "Take wool.", tokenizer);
      assertThat(tokenizer.decode(read.slice(prompt.size(), read.size())).strip())
          .isEqualTo(before.strip());
    }
  }
}
