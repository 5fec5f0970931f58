package dev.demur.lab.policy;

import dev.demur.model.hook.Positions;

/// Which tokens a rule edits.
public enum Span {
  /// Every token, of prompt and answer.
  EVERY("every"),
  /// Every token of the prompt.
  PROMPT("prompt"),
  /// The prompt's last token.
  LAST_PROMPT("last"),
  /// Every token written after the prompt.
  ANSWER("answer");

  private final String text;

  Span(String text) {
    this.text = text;
  }

  /// The word of the language: `every`, `prompt`, `last`, `answer`.
  public String text() {
    return text;
  }

  /// The positions it covers.
  public Positions positions() {
    return switch (this) {
      case EVERY -> Positions.all();
      case PROMPT -> Positions.prompt();
      case LAST_PROMPT -> Positions.last();
      case ANSWER -> Positions.answer();
    };
  }
}
