package dev.demur.lab.policy;

import dev.demur.model.hook.Positions;

/// Which tokens a rule edits.
public enum Span {
  /// Every token, of prompt and answer.
  EVERY("every", Positions.all()),
  /// Every token of the prompt.
  PROMPT("prompt", Positions.prompt()),
  /// The prompt's last token.
  LAST_PROMPT("last", Positions.last()),
  /// Every token written after the prompt.
  ANSWER("answer", Positions.answer());

  private final String text;
  private final Positions positions;

  Span(String text, Positions positions) {
    this.text = text;
    this.positions = positions;
  }

  /// The word of the language: `every`, `prompt`, `last`, `answer`.
  public String text() {
    return text;
  }

  /// The positions it covers.
  public Positions positions() {
    return positions;
  }
}
