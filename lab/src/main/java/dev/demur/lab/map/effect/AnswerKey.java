package dev.demur.lab.map.effect;

import dev.demur.lab.LowerCase;
import dev.demur.lab.benchmark.NumberFound;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How an answer is compared with its key.
public enum AnswerKey {
  /// A letter behind `answer is`, in brackets or not; where there is none, a letter that stands
  /// alone at the start.
  LETTER,
  /// The last number, as GSM8K's flexible filter finds it.
  NUMBER,
  /// One of the texts of the key, `;` between them, anywhere in the answer, whatever its case.
  TEXT;

  private static final Pattern BEHIND = Pattern.compile("(?i)answer is:?\\s*\\(?([A-J])\\b\\)?");
  private static final Pattern ALONE = Pattern.compile("^\\s*\\(?([A-J])(?:[).:]|\\s*$)");

  /// The name in flags.
  public String text() {
    return LowerCase.of(name());
  }

  /// The kind of that name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static AnswerKey named(String text) {
    return Arrays.stream(values())
        .filter(key -> key.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "answers are compared by "
                        + String.join(", ", Arrays.stream(values()).map(AnswerKey::text).toList())
                        + ", not by "
                        + text));
  }

  /// Whether an answer is right; empty where nothing to compare is found in it.
  Optional<Boolean> isRight(String answer, String key) {
    return switch (this) {
      case LETTER -> letter(answer).map(found -> found.equalsIgnoreCase(key.strip()));
      case NUMBER -> number(answer).map(found -> found.equals(plain(lastNumber(key))));
      case TEXT -> Optional.of(holds(answer, List.of(key.split(";", -1))));
    };
  }

  private static Optional<String> letter(String answer) {
    var behind = BEHIND.matcher(answer);
    Optional<String> last = Optional.empty();
    while (behind.find()) {
      last = Optional.of(behind.group(1));
    }
    var alone = ALONE.matcher(answer);
    return last.isPresent() || !alone.find() ? last : Optional.of(alone.group(1));
  }

  private static Optional<String> number(String answer) {
    String found = plain(lastNumber(answer));
    return found.isEmpty() || found.startsWith("[") ? Optional.empty() : Optional.of(found);
  }

  private static String lastNumber(String text) {
    return NumberFound.in(text).flexible();
  }

  private static String plain(String number) {
    return number.replaceAll("[,$]", "").replaceAll("\\.(?:0*)$", "");
  }

  private static boolean holds(String answer, List<String> texts) {
    String all = LowerCase.of(answer);
    return texts.stream()
        .map(text -> LowerCase.of(text.strip()))
        .anyMatch(text -> !text.isEmpty() && all.contains(text));
  }
}
