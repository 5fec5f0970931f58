package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import java.util.Locale;
import java.util.Optional;

/// The three scores of a candidate, as charts need them.
enum Score {
  BYPASS(
      "Bypass score",
      "Mean refusal score on harmful prompts with the direction ablated, in nats."
          + " Lower is better: below 0 the model no longer opens with a refusal."),
  INDUCE(
      "Induce score",
      "Mean refusal score on harmless prompts with the direction added, in nats."
          + " Higher is better."),
  KL(
      "KL divergence",
      "Mean KL divergence of next-token distributions on harmless prompts with the direction"
          + " ablated, in nats, on a logarithmic scale. Lower is better.");

  /// Smaller KL divergences are drawn here: a logarithm needs a floor, and below it no one would
  /// tell the models apart.
  static final double KL_FLOOR = 1e-4;

  private final String title;
  private final String meaning;

  Score(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  Optional<Double> of(CandidateScores row) {
    return switch (this) {
      case BYPASS -> row.bypass();
      case INDUCE -> row.induce();
      case KL -> row.kl();
    };
  }

  /// The score where it can be drawn.
  Optional<Double> drawable(CandidateScores row) {
    return of(row).filter(Double::isFinite);
  }

  /// Where the filter cuts; for bypass, which has none, where refusing turns into complying.
  double limit(SelectionRules rules) {
    return switch (this) {
      case BYPASS -> 0;
      case INDUCE -> rules.induceLimit();
      case KL -> rules.klLimit();
    };
  }

  /// What the limit is, as a part of a sentence.
  String limitMeaning(SelectionRules rules) {
    return switch (this) {
      case BYPASS -> "0, where refusal and compliance are equally likely";
      case INDUCE -> "the least an eligible candidate has, " + Numbers.plain(limit(rules));
      case KL -> "the most an eligible candidate has, " + Numbers.plain(limit(rules));
    };
  }

  String title() {
    return title;
  }

  String meaning() {
    return meaning;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean lowerIsBetter() {
    return this != INDUCE;
  }

  boolean isLogarithmic() {
    return this == KL;
  }

  /// Where a value stands on a scale of colours.
  double onScale(double value) {
    return isLogarithmic() ? Math.log10(Math.max(value, KL_FLOOR)) : value;
  }

  String format(double value) {
    return Numbers.amount(value, isLogarithmic() ? Unit.KL : Unit.NATS);
  }
}
