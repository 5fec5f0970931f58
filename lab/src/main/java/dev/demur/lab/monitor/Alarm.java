package dev.demur.lab.monitor;

/// What a monitor may say of a prompt.
public enum Alarm {
  /// The harmfulness probe is above its threshold.
  HARMFUL,
  /// Harmful, and the refusal probe says that the model will answer.
  HARMFUL_YET_NOT_REFUSING,
  /// Harmful and not refusing, while the heads that carry refusal write less and look less at the
  /// user's words than on refused prompts: what an adversarial suffix does to them.
  SUFFIX_HIJACK
}
