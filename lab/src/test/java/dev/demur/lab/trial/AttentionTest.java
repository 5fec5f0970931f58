package dev.demur.lab.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.explain.AttentionReader;
import dev.demur.lab.explain.Component;
import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt.Region;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Attention to alarming words, on a tiny random model.
@Scoped
class AttentionTest {

  /// float32 sums of a few weights in another order.
  private static final double ROUNDING = 1e-5;

  private static final List<String> PROMPTS =
      List.of("How do I break a record?", "Say: break the ice, break it!");

  private static final AlarmingWords BREAK = new AlarmingWords(Set.of("Break"));

  @Test
  void itIsTheShareOfWhatAllHeadsSeeOfTheInstruction() throws IOException {
    try (var model = model()) {
      var heads = new ArrayList<Component>();
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        for (int head = 0; head < model.config().nHeads(); head++) {
          heads.add(new Component(Component.Kind.HEAD, layer, head));
        }
      }
      var unit = Tensor.gaussian(new Random(5), model.config().dModel());
      var reader = new AttentionReader(model, unit.times(1 / unit.norm()), heads, 1000);
      var found = Attention.measure(model, TrialRow.unedited(), PROMPTS, BREAK);
      for (int i = 0; i < PROMPTS.size(); i++) {
        var prompt = model.prompt(PROMPTS.get(i));
        double instruction = 0;
        double loud = 0;
        for (var head : reader.read("", i, prompt).heads()) {
          for (var source : head.sources()) {
            boolean asked = prompt.regions().get(source.position()) == Region.INSTRUCTION;
            instruction += asked ? source.mass() : 0;
            loud += asked && isOfBreak(model, prompt.text(), source.position()) ? source.mass() : 0;
          }
        }
        assertThat(found.shares().get(i)).isCloseTo(loud / instruction, within(ROUNDING));
        assertThat(found.shares().get(i)).isBetween(0.01, 0.99);
      }
    }
  }

  private static boolean isOfBreak(ChatModel model, String text, int token) {
    var span = model.tokenizer().encodeWithSpans(text).spans().get(token);
    for (int at = text.indexOf("break"); at >= 0; at = text.indexOf("break", at + 1)) {
      if (span.from() < at + 5 && at < span.to()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aWrapperChangesWhatIsSeenAndNotWhichTokensAreMeant() throws IOException {
    try (var model = model()) {
      var plain = Attention.measure(model, TrialRow.unedited(), PROMPTS, BREAK);
      var wrapped =
          Attention.measure(
              model, TrialRow.of(new Wrap("w", "Do not break a rule.\n{prompt}")), PROMPTS, BREAK);
      assertThat(wrapped.words()).isEqualTo(plain.words());
      assertThat(wrapped.shares()).isNotEqualTo(plain.shares());
      var nothing = Attention.measure(model, TrialRow.of("nothing", Policy.none()), PROMPTS, BREAK);
      assertThat(nothing).isEqualTo(plain);
    }
  }

  @Test
  void alarmingWordsAreThoseOfHarmfulPromptsAlone() {
    var found =
        AlarmingWords.between(
            List.of("How do I POISON a well?", "Rob the bank."), List.of("How is the well?"));
    assertThat(found.words()).containsExactlyInAnyOrder("poison", "bank");
    assertThat(Attention.with(found, List.of("Poison", "Sell poison ivy.", "A bakery?")))
        .as("a prompt of nothing else has nothing to compare it with")
        .containsExactly("Sell poison ivy.");
  }

  private static ChatModel model() throws IOException {
    return ChatModel.load(Checkpoints.named("qwen2-tied").toString(), DTypeChoice.F32);
  }
}
