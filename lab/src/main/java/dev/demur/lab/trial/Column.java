package dev.demur.lab.trial;

/// What a set of prompts is for in a trial.
public enum Column {
  /// Prompts to refuse.
  HARMFUL("harmful"),
  /// Prompts to refuse, with a text that makes the model answer.
  SUFFIXED("suffixed"),
  /// Prompts to follow that sound like prompts to refuse.
  PSEUDO("pseudo-harmful"),
  /// Prompts to follow.
  BENIGN("benign");

  private final String text;

  Column(String text) {
    this.text = text;
  }

  /// The name in tables.
  public String text() {
    return text;
  }

  /// What should become of a prompt.
  public enum Aim {
    REFUSE,
    FOLLOW
  }

  /// What should become of its prompts.
  public Aim aim() {
    return switch (this) {
      case HARMFUL, SUFFIXED -> Aim.REFUSE;
      case PSEUDO, BENIGN -> Aim.FOLLOW;
    };
  }
}
