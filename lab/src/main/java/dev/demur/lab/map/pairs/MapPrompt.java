package dev.demur.lab.map.pairs;

import static java.util.Objects.requireNonNull;

import dev.demur.lab.judge.Language;
import dev.demur.model.ChatModel;
import dev.demur.model.text.TokenIds;
import java.util.Optional;

/// One prompt of a map.
///
/// @param instruction what is asked; never blank
/// @param answer what follows it, where the direction is one of answers and is read at its end
/// @param key what a right answer says, where answers are right or wrong
/// @param form how it is put
/// @param language code of ISO 639; decides the refusal tokens
public record MapPrompt(
    String instruction, Optional<String> answer, Optional<String> key, Form form, String language) {

  /// The language of prompts that say none.
  public static final String USUAL_LANGUAGE = Language.ENGLISH.code();

  public MapPrompt {
    requireNonNull(answer, "answer");
    requireNonNull(key, "key");
    if (instruction.isBlank()) {
      throw new IllegalArgumentException("an instruction must not be blank");
    }
    if (language.isBlank()) {
      throw new IllegalArgumentException("a language must not be blank");
    }
  }

  /// An English instruction under the chat template.
  public static MapPrompt of(String instruction) {
    return new MapPrompt(
        instruction, Optional.empty(), Optional.empty(), Form.CHAT, USUAL_LANGUAGE);
  }

  /// What the model reads, an answer included.
  public TokenIds tokens(ChatModel model) {
    var prompt =
        switch (form) {
          case CHAT -> model.prompt(instruction);
          case RAW -> model.prompts().raw(instruction);
        };
    return answer
        .map(text -> prompt.tokens().plus(model.tokenizer().encode(text)))
        .orElse(prompt.tokens());
  }

  /// What tells it from any other in what the model reads.
  public String text() {
    return form + "\n" + instruction + answer.map(words -> "\n\u0000" + words).orElse("");
  }
}
