package dev.demur.model.text;

import static dev.demur.model.text.Prompt.Region.EOI;
import static dev.demur.model.text.Prompt.Region.INSTRUCTION;
import static dev.demur.model.text.Prompt.Region.SUFFIX;
import static dev.demur.model.text.Prompt.Region.SYSTEM;
import static dev.demur.model.text.Prompt.Region.TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class PromptFormatTest {

  private static final String CHATML_TURN = "<|im_end|>\n<|im_start|>assistant\n";

  @TestFactory
  Stream<DynamicTest> agreesWithApplyChatTemplate() {
    return ChatGoldens.models("tiny.json")
        .flatMap(model -> ChatGoldens.tests(model, format(model)));
  }

  private static PromptFormat format(String name) {
    return format(
        ChatGoldens.models("tiny.json")
            .filter(model -> model.path("name").asString().equals(name))
            .findFirst()
            .orElseThrow());
  }

  private static PromptFormat format(JsonNode model) {
    try {
      Tokenizer tokenizer =
          GoldenTokenizers.fromJson(
              model.path("tokenizer").asString(), model.path("special_tokens"));
      PromptFormat format =
          PromptFormat.of(tokenizer, Optional.of(model.path("template").asString()));
      return model.path("variables").has("enable_thinking")
          ? format.with(TemplateOptions.none().with("enable_thinking", false))
          : format;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The text of all tokens of a region, in order.
  private static Map<Prompt.Region, String> texts(PromptFormat format, Prompt prompt) {
    Map<Prompt.Region, String> texts = new EnumMap<>(Prompt.Region.class);
    for (int i = 0; i < prompt.length(); i++) {
      texts.merge(
          prompt.regions().get(i),
          format.tokenizer().decodeWithSpecialTokens(prompt.tokens().slice(i, i + 1)),
          String::concat);
    }
    return texts;
  }

  @Test
  void tellsTheInstructionFromTheTemplate() {
    PromptFormat format = format("chatml");
    assertThat(texts(format, format.format("Write a letter.")))
        .containsOnly(
            Map.entry(TEMPLATE, "<|im_start|>user\n"),
            Map.entry(INSTRUCTION, "Write a letter."),
            Map.entry(EOI, CHATML_TURN));
  }

  @Test
  void tellsTheSuffixFromTheInstruction() {
    PromptFormat format = format("chatml");
    Prompt prompt = format.formatWithSuffix("Write a letter.", " Be brief");
    assertThat(prompt.instruction()).isEqualTo("Write a letter.");
    assertThat(texts(format, prompt))
        .containsEntry(INSTRUCTION, "Write a letter.")
        .containsEntry(SUFFIX, " Be brief")
        .containsEntry(EOI, CHATML_TURN);
  }

  /// A4: what a chat model gets beside its base.
  @Test
  void writesAnEndInPlaceOfTheTemplates() {
    PromptFormat format = format("chatml");
    Prompt prompt = format.formatUpTo("Write a letter.", "\n");
    assertThat(prompt.text()).isEqualTo("<|im_start|>user\nWrite a letter.\n");
    assertThat(prompt.instruction()).isEqualTo("Write a letter.");
    assertThat(texts(format, prompt)).containsEntry(TEMPLATE, "<|im_start|>user\n");
    assertThat(prompt.tokens())
        .isEqualTo(format.tokenizer().encodeWithSpans(prompt.text()).tokens());
  }

  @Test
  void findsTheSystemTextThatIsGiven() {
    PromptFormat format = format("chatml").withSystem("Be kind.");
    assertThat(texts(format, format.format("Hi")))
        .containsOnly(
            Map.entry(TEMPLATE, "<|im_start|>system\n<|im_end|>\n<|im_start|>user\n"),
            Map.entry(SYSTEM, "Be kind."),
            Map.entry(INSTRUCTION, "Hi"),
            Map.entry(EOI, CHATML_TURN));
  }

  @Test
  void findsTheSystemTextTheTemplateBringsItself() {
    PromptFormat format = format("default-system");
    assertThat(texts(format, format.format("Hi"))).containsEntry(SYSTEM, "You keep a lighthouse.");
    assertThat(texts(format, format.withSystem("Be kind.").format("Hi")))
        .containsEntry(SYSTEM, "Be kind.");
  }

  @Test
  void findsASystemTextInsideTheFirstTurn() {
    PromptFormat format = format("brackets").withSystem("Be kind.");
    assertThat(texts(format, format.format("Open the window.")).get(SYSTEM)).contains("kind");
    assertThat(texts(format("brackets"), format("brackets").format("Open the window.")))
        .doesNotContainKey(SYSTEM);
  }

  @Test
  void aTemplateThatRefusesASystemTextStillFormatsWithoutOne() {
    PromptFormat format = format("no-system");
    assertThat(texts(format, format.format("Hi"))).containsEntry(INSTRUCTION, "Hi");
    PromptFormat withSystem = format.withSystem("Be kind.");
    assertThatThrownBy(() -> withSystem.format("Hi"))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("System role not supported");
  }

  @Test
  void marksEveryPlaceTheInstructionIsWrittenAt() {
    PromptFormat format = format("twice");
    assertThat(texts(format, format.format("the ship")).get(INSTRUCTION))
        // The space before the first belongs to the token of its first word.
        .isEqualTo(" the shipthe ship");
  }

  @Test
  void theInstructionOfAConversationIsItsLastUserTurn() {
    PromptFormat format = format("chatml");
    Prompt prompt =
        format.format(
            List.of(
                ChatMessage.user("Hi"),
                ChatMessage.assistant("Hello."),
                ChatMessage.user("Count.")));
    assertThat(prompt.instruction()).isEqualTo("Count.");
    assertThat(texts(format, prompt))
        .containsEntry(INSTRUCTION, "Count.")
        .containsEntry(EOI, CHATML_TURN)
        .doesNotContainKey(SYSTEM);
  }

  @Test
  void whatTheAssistantHasBegunToSayFollowsTheInstruction() {
    PromptFormat format = format("chatml");
    Prompt prompt =
        format.formatContinuing(
            List.of(ChatMessage.user("Name a river."), ChatMessage.assistant("The")));
    assertThat(texts(format, prompt)).containsEntry(EOI, CHATML_TURN + "The");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "default-system", "trimmed", "no-system", "twice"})
  void theEndOfInstructionIsTheTemplatesOwn(String name) {
    PromptFormat format = format(name);
    assertThat(format.eoiTokens()).isEqualTo(format.tokenizer().encode(CHATML_TURN));
  }

  @Test
  void theThinkingSwitchChangesTheEndOfInstruction() {
    PromptFormat format = format("thinking");
    assertThat(format.tokenizer().decodeWithSpecialTokens(format.eoiTokens()))
        .isEqualTo(CHATML_TURN + "<think>\n\n</think>\n\n");
    PromptFormat thinking = format.with(TemplateOptions.none().with("enable_thinking", true));
    assertThat(thinking.tokenizer().decodeWithSpecialTokens(thinking.eoiTokens()))
        .isEqualTo(CHATML_TURN);
  }

  @Test
  void aTokenOverABorderBelongsToTheInstruction() {
    PromptFormat format = format("plain");
    for (String instruction : List.of("open", "the kettle is", "naïve", "日本", "x\n", "…")) {
      Prompt prompt = format.format(instruction);
      TokenizedText tokens = format.tokenizer().encodeWithSpans(prompt.text());
      int start = prompt.text().indexOf(instruction);
      var place = new TokenizedText.Span(start, start + instruction.length());
      for (int i = 0; i < prompt.length(); i++) {
        assertThat(prompt.regions().get(i) == INSTRUCTION)
            .isEqualTo(tokens.spans().get(i).overlaps(place));
      }
    }
  }

  @Test
  void aTrimmedInstructionIsFound() {
    PromptFormat format = format("trimmed");
    assertThat(texts(format, format.format("  Hi there \n")))
        .containsEntry(INSTRUCTION, "Hi there");
  }

  @Test
  void anEmptyInstructionLeavesTheTemplate() {
    PromptFormat format = format("chatml");
    assertThat(texts(format, format.format("")))
        .containsOnly(Map.entry(TEMPLATE, "<|im_start|>user\n"), Map.entry(EOI, CHATML_TURN));
  }

  @Test
  void specialTokensInTheInstructionAreReadAsSuch() {
    PromptFormat format = format("chatml");
    Prompt prompt = format.format("a<|im_end|>b");
    assertThat(prompt.tokens().toList())
        .contains(format.tokenizer().id("<|im_end|>").orElseThrow());
    assertThat(texts(format, prompt)).containsEntry(INSTRUCTION, "a<|im_end|>b");
  }

  @Test
  void rawTextIsAllInstructionButForTheBosToken() {
    PromptFormat format = format("brackets");
    Prompt prompt = format.raw("open the window");
    assertThat(prompt.tokens().get(0)).isEqualTo(format.tokenizer().bosId().orElseThrow());
    assertThat(prompt.regions().getFirst()).isEqualTo(TEMPLATE);
    assertThat(prompt.regions().subList(1, prompt.length())).containsOnly(INSTRUCTION);
  }

  @Test
  void withoutATemplateItSaysWhatToDo() throws IOException {
    PromptFormat format =
        PromptFormat.of(GoldenTokenizers.fromJson("byte-level"), Optional.empty());
    assertThat(format.hasTemplate()).isFalse();
    assertThat(format.raw("Hi").length()).isPositive();
    assertThatThrownBy(() -> format.format("Hi"))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("pass texts as they are");
  }

  @Test
  void aBrokenTemplateIsReportedWhenItIsNeeded() throws IOException {
    PromptFormat format =
        PromptFormat.of(GoldenTokenizers.fromJson("byte-level"), Optional.of("{% if %}"));
    assertThat(format.raw("Hi").length()).isPositive();
    assertThatThrownBy(() -> format.format("Hi"))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("chat template, line 1: ");
  }
}
