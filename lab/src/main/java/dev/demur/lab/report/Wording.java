package dev.demur.lab.report;

import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.study.StudyResult.Role;

/// What things are called in reports.
final class Wording {

  static final String BASELINE = "baseline";
  static final String ABLATION = "ablation";
  static final String ADDITION = "actadd";
  static final String SUBTRACTION = "actadd-minus";
  static final String RANDOM = "random";

  private Wording() {}

  /// A variant in words; one this version does not know keeps its name.
  static String variant(String name) {
    return switch (name) {
      case BASELINE -> "unedited";
      case ABLATION -> "direction ablated";
      case ADDITION -> "direction added";
      case SUBTRACTION -> "direction subtracted";
      default -> name.startsWith(RANDOM) ? name.replace('-', ' ') + " (control)" : name;
    };
  }

  static boolean isRandom(String variant) {
    return variant.startsWith(RANDOM);
  }

  static String role(Role role) {
    return switch (role) {
      case TARGET_TRAIN -> "harmful, train";
      case BASELINE_TRAIN -> "harmless, train";
      case TARGET_VAL -> "harmful, validation";
      case BASELINE_VAL -> "harmless, validation";
      case TARGET_EVALUATION -> "harmful, evaluation";
      case BASELINE_EVALUATION -> "harmless, evaluation";
    };
  }

  /// A drawn set of the screen by its name in files.
  static String screenedSet(String name) {
    return switch (name) {
      case "target_train" -> role(Role.TARGET_TRAIN);
      case "baseline_train" -> role(Role.BASELINE_TRAIN);
      case "target_val" -> role(Role.TARGET_VAL);
      case "baseline_val" -> role(Role.BASELINE_VAL);
      default -> name;
    };
  }

  static String verdict(Verdict verdict, SelectionRules rules) {
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
  static String letter(Verdict verdict) {
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

  /// A token with its white space made visible.
  static String token(String text) {
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
                    visible.append("\\u%04x".formatted(c));
                  } else {
                    visible.appendCodePoint(c);
                  }
                }
              }
            });
    return visible.toString();
  }
}
