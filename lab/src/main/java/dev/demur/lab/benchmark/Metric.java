package dev.demur.lab.benchmark;

/// What is measured of an answer.
public enum Metric {
  /// The likeliest choice is right.
  ACC("acc"),
  /// The choice likeliest per character is right.
  ACC_NORM("acc_norm"),
  /// Share of the choices' probability that right ones have: a number from 0 to 1 for each
  /// question.
  MASS("acc"),
  /// The number after `####` is right.
  STRICT("exact_match,strict-match"),
  /// The last number is right.
  FLEXIBLE("exact_match,flexible-extract");

  private final String text;

  Metric(String text) {
    this.text = text;
  }

  /// The harness' name for it.
  public String text() {
    return text;
  }

  /// Whether a question is either right or wrong, so that a mean over questions is a share.
  public boolean counts() {
    return this != MASS;
  }
}
