package dev.demur.lab.study;

import java.util.List;
import java.util.Locale;

/// What a prompt set is used for, in the order of the draw.
public enum Role {
  HARMFUL_TRAIN,
  HARMLESS_TRAIN,
  HARMFUL_VAL,
  HARMLESS_VAL,
  HARMFUL_EVALUATION,
  HARMLESS_EVALUATION;

  /// The four sets of extraction and selection, in the order of the draw.
  public static List<Role> drawn() {
    return List.of(HARMFUL_TRAIN, HARMLESS_TRAIN, HARMFUL_VAL, HARMLESS_VAL);
  }

  /// Whether its prompts show the behaviour.
  public boolean isHarmful() {
    return this == HARMFUL_TRAIN || this == HARMFUL_VAL || this == HARMFUL_EVALUATION;
  }

  /// Whether directions are extracted from it.
  public boolean isTrain() {
    return this == HARMFUL_TRAIN || this == HARMLESS_TRAIN;
  }

  /// Whether it is held out for evaluation.
  public boolean isEvaluation() {
    return this == HARMFUL_EVALUATION || this == HARMLESS_EVALUATION;
  }

  /// As in files: `harmful_train`, …
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
