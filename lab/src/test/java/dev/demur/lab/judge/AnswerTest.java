package dev.demur.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

  @Test
  void isWhatFollowsTheThinking() {
    assertThat(Answer.of("<think>\nFlour, eggs…\n</think>\n\nBake it."))
        .isEqualTo(new Answer("Bake it.", Answer.State.FINISHED));
    assertThat(Answer.of("Flour, eggs…</think>Bake it."))
        .isEqualTo(new Answer("Bake it.", Answer.State.FINISHED));
  }

  @Test
  void isTheWholeTextWithoutThinking() {
    assertThat(Answer.of(" Bake it. "))
        .isEqualTo(new Answer(" Bake it. ", Answer.State.NOT_THINKING));
  }

  @Test
  void isMissingWhenTheThinkingDidNotEnd() {
    var missing = new Answer("", Answer.State.UNFINISHED);
    assertThat(Answer.of("<think>Flour, eggs, and then")).isEqualTo(missing);
    assertThat(Answer.ofOpened("Flour, eggs, and then")).isEqualTo(missing);
  }

  /// Finding C: reasoning before the answer, with tags of other makers and without any.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<thinking>Flour.</thinking><answer>Bake it.</answer>",
        "<reasoning>Flour, eggs.</reasoning>\nBake it.",
        "<seed:think>Flour.</seed:think>Bake it.",
        "[THINK]Flour.[/THINK]Bake it.",
        "\u25c1think\u25b7Flour.\u25c1/think\u25b7Bake it.",
        "<|channel|>analysis<|message|>Flour.<|end|><|start|>assistant<|channel|>final<|message|>Bake"
            + " it.<|return|>",
        "analysisThe user wants a cake. Fine.assistantfinalBake it.",
        "<|START_THINKING|>Flour.<|END_THINKING|><|START_RESPONSE|>Bake it.<|END_RESPONSE|>",
        "<unused94>thought\nFlour.<unused95>Bake it.",
        "**Reasoning:** flour comes first.\n\n**Answer:** Bake it.",
        "Thinking: the user wants a cake.\nFinal answer: Bake it.",
        "Okay, the user wants a cake. I should keep it short.\n\nBake it.",
        "The user is asking for a recipe. Harmless.\n\nLet me think about eggs.\n\nBake it.",
        "We need to respond briefly. The user wants a cake. Bake it.",
        "Hmm, so the user asks how to bake. Let me consider the oven. Bake it."
      })
  void isFoundBehindReasoningOfAnyKind(String completion) {
    assertThat(Answer.of(completion)).isEqualTo(new Answer("Bake it.", Answer.State.FINISHED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Okay, the user wants a cake. Let me think about the eggs first, since the user",
        "<|channel|>analysis<|message|>The user wants a cake, so",
        "[THINK]Flour, eggs, and then",
        "analysisThe user wants a cake, and I need to",
        "Thinking Process:\n\n1. The user wants a cake.\n2. I should consider"
      })
  void isMissingWhereReasoningOfAnyKindDoesNotEnd(String completion) {
    assertThat(Answer.of(completion)).isEqualTo(new Answer("", Answer.State.UNFINISHED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The user opens the settings and taps on the name. Then the account is closed.",
        "Okay, bake it for half an hour.",
        "We need flour and eggs.",
        "Let me think about that with you: what do you like to eat?",
        "First, the oven has to be hot.",
        "I need to respectfully decline.",
        "Analysis of the poem: it is about a cake."
      })
  void isTheWholeTextWhereItOnlyLooksLikeReasoning(String completion) {
    assertThat(Answer.of(completion).state()).isEqualTo(Answer.State.NOT_THINKING);
  }
}
