package dev.demur.lab.benchmark;

import dev.demur.lab.LowerCase;
import java.util.List;
import java.util.regex.Pattern;

/// The number in a worked solution, as the harness' two filters of GSM8K find it.
///
/// Source: `filter_list` and `metric_list` of `gsm8k.yaml`, `RegexFilter` in
/// `lm_eval/filters/extraction.py`, `exact_match_hf_evaluate` in `api/metrics.py`.
///
/// @param strict what follows the first `#### `
/// @param flexible the last number
public record NumberFound(String strict, String flexible) {

  private static final String NOTHING = "[invalid]";

  private static final Pattern STRICT = Pattern.compile("#### (-?[0-9.,]+)");
  private static final Pattern FLEXIBLE = Pattern.compile("-?[$0-9.,]{2,}|-?[0-9]+");

  /// Left out before numbers are compared, one after the other. The dot at the end may have a line
  /// feed after it, as in Python.
  private static final List<Pattern> IGNORED =
      List.of(
          Pattern.compile(","),
          Pattern.compile("\\$"),
          Pattern.compile("(?s).*#### "),
          Pattern.compile("\\.(?=\\n?\\z)"));

  /// Finds the number of an answer.
  public static NumberFound in(String answer) {
    var strict = STRICT.matcher(answer);
    var flexible = FLEXIBLE.matcher(answer);
    String last = NOTHING;
    while (flexible.find()) {
      last = flexible.group();
    }
    return new NumberFound(strict.find() ? strict.group(1) : NOTHING, last);
  }

  /// Whether the strict number is that of a solution.
  boolean strictIs(String solution) {
    return same(strict, solution);
  }

  /// Whether the flexible number is that of a solution.
  boolean flexibleIs(String solution) {
    return same(flexible, solution);
  }

  private static boolean same(String found, String solution) {
    return plain(found).equals(plain(solution));
  }

  private static String plain(String text) {
    String plain = text;
    for (var pattern : IGNORED) {
      plain = pattern.matcher(plain).replaceAll("");
    }
    return LowerCase.of(plain);
  }
}
