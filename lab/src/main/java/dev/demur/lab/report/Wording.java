package dev.demur.lab.report;

import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What things are called in reports.
public final class Wording {

  private Wording() {}

  /// A variant in words.
  public static String variant(Variant variant) {
    return switch (variant.kind()) {
      case UNEDITED -> "unedited";
      case ABLATION -> "direction ablated";
      case ADDITION -> "direction added";
      case POLICY -> "policy";
      case SUBTRACTION -> "direction subtracted";
      case RANDOM_ABLATION, RANDOM_ADDITION -> variant.text().replace('-', ' ') + " (control)";
    };
  }

  public static String role(Role role) {
    return switch (role) {
      case HARMFUL_TRAIN -> "harmful, train";
      case HARMLESS_TRAIN -> "harmless, train";
      case HARMFUL_VAL -> "harmful, validation";
      case HARMLESS_VAL -> "harmless, validation";
      case HARMFUL_EVALUATION -> "harmful, evaluation";
      case HARMLESS_EVALUATION -> "harmless, evaluation";
    };
  }

  public static String verdict(Verdict verdict, SelectionRules rules) {
    return switch (verdict) {
      case ELIGIBLE -> "eligible";
      case NOISE -> "sets do not differ here";
      case TOO_LATE -> "too near the output";
      case DROPPED_EARLY -> "dropped on a part of the prompts";
      case KL_TOO_HIGH -> "KL above " + Numbers.plain(rules.klLimit());
      case INDUCE_TOO_LOW -> "induce below " + Numbers.plain(rules.induceLimit());
      case NOT_FINITE -> "a score is not finite";
    };
  }

  /// One letter for a cell that holds no score.
  public static String letter(Verdict verdict) {
    return switch (verdict) {
      case ELIGIBLE -> "";
      case NOISE -> "n";
      case TOO_LATE -> "o";
      case DROPPED_EARLY -> "d";
      case KL_TOO_HIGH -> "k";
      case INDUCE_TOO_LOW -> "i";
      case NOT_FINITE -> "!";
    };
  }

  /// The first characters of a text that is longer than so many.
  public static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
  }

  /// Tokens one after the other.
  public static String tokens(List<String> texts) {
    return texts.stream().map(Wording::token).collect(Collectors.joining("  "));
  }

  /// A token with its white space made visible: the one notation of all tables and drawings.
  public static String token(String text) {
    var visible = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> visible.append('↵');
                case '\r' -> visible.append('␍');
                case '\t' -> visible.append('⇥');
                case ' ' -> visible.append('␣');
                default -> {
                  if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                    visible.append(String.format(Locale.ROOT, "\\u%04x", c));
                  } else {
                    visible.appendCodePoint(c);
                  }
                }
              }
            });
    return visible.toString();
  }
}
