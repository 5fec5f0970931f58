package dev.demur.lab.policy;

import dev.demur.model.hook.Positions;
import java.util.Optional;

/// Which tokens a rule edits.
public enum Span {
  /// Every token, of prompt and answer.
  EVERY("every"),
  /// Every token of the prompt.
  PROMPT("prompt"),
  /// The prompt's last token.
  LAST_PROMPT("last"),
  /// Every token written after the prompt, thought and answer alike.
  ANSWER("answer"),
  /// Every token of the thought, the one that closes its block included.
  THINKING("thinking"),
  /// Every token written after the thought.
  ANSWER_AFTER_THINKING("after-thinking");

  private final String text;

  Span(String text) {
    this.text = text;
  }

  /// The word of the language: `every`, `prompt`, `last`, `answer`, `thinking`, `after-thinking`.
  public String text() {
    return text;
  }

  /// Whether it can be placed only where it is known how long the thought is.
  public boolean asksForThought() {
    return switch (this) {
      case EVERY, PROMPT, LAST_PROMPT, ANSWER -> false;
      case THINKING, ANSWER_AFTER_THINKING -> true;
    };
  }

  /// The positions it covers, counted from the end of the prompt, when the thought written behind
  /// it has so many tokens; empty when it covers none.
  Optional<Positions> positions(int thought) {
    return switch (this) {
      case EVERY -> Optional.of(Positions.all());
      case PROMPT -> Optional.of(Positions.prompt());
      case LAST_PROMPT -> Optional.of(Positions.last());
      case ANSWER -> Optional.of(Positions.answer());
      case THINKING -> thought == 0 ? Optional.empty() : Optional.of(new Positions(0, thought - 1));
      case ANSWER_AFTER_THINKING -> Optional.of(new Positions(thought, Integer.MAX_VALUE));
    };
  }
}
