package dev.demur.model.text.regex;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/// The sets behind `\p{…}`, `\s`, `\w`, `\d` and `[:…:]`, and letters of either case.
final class Properties {

  private static final Map<String, CodePoints> KNOWN = new ConcurrentHashMap<>();

  /// Unicode's two-letter names of general categories, and the numbers Java gives them.
  private static final Map<String, Integer> CATEGORIES =
      Map.ofEntries(
          Map.entry("lu", (int) Character.UPPERCASE_LETTER),
          Map.entry("ll", (int) Character.LOWERCASE_LETTER),
          Map.entry("lt", (int) Character.TITLECASE_LETTER),
          Map.entry("lm", (int) Character.MODIFIER_LETTER),
          Map.entry("lo", (int) Character.OTHER_LETTER),
          Map.entry("mn", (int) Character.NON_SPACING_MARK),
          Map.entry("mc", (int) Character.COMBINING_SPACING_MARK),
          Map.entry("me", (int) Character.ENCLOSING_MARK),
          Map.entry("nd", (int) Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("nl", (int) Character.LETTER_NUMBER),
          Map.entry("no", (int) Character.OTHER_NUMBER),
          Map.entry("pc", (int) Character.CONNECTOR_PUNCTUATION),
          Map.entry("pd", (int) Character.DASH_PUNCTUATION),
          Map.entry("ps", (int) Character.START_PUNCTUATION),
          Map.entry("pe", (int) Character.END_PUNCTUATION),
          Map.entry("pi", (int) Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("pf", (int) Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("po", (int) Character.OTHER_PUNCTUATION),
          Map.entry("sm", (int) Character.MATH_SYMBOL),
          Map.entry("sc", (int) Character.CURRENCY_SYMBOL),
          Map.entry("sk", (int) Character.MODIFIER_SYMBOL),
          Map.entry("so", (int) Character.OTHER_SYMBOL),
          Map.entry("zs", (int) Character.SPACE_SEPARATOR),
          Map.entry("zl", (int) Character.LINE_SEPARATOR),
          Map.entry("zp", (int) Character.PARAGRAPH_SEPARATOR),
          Map.entry("cc", (int) Character.CONTROL),
          Map.entry("cf", (int) Character.FORMAT),
          Map.entry("co", (int) Character.PRIVATE_USE),
          Map.entry("cs", (int) Character.SURROGATE),
          Map.entry("cn", (int) Character.UNASSIGNED));

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("letter", "l"),
          Map.entry("uppercaseletter", "lu"),
          Map.entry("lowercaseletter", "ll"),
          Map.entry("titlecaseletter", "lt"),
          Map.entry("modifierletter", "lm"),
          Map.entry("otherletter", "lo"),
          Map.entry("mark", "m"),
          Map.entry("nonspacingmark", "mn"),
          Map.entry("spacingmark", "mc"),
          Map.entry("enclosingmark", "me"),
          Map.entry("number", "n"),
          Map.entry("decimalnumber", "nd"),
          Map.entry("letternumber", "nl"),
          Map.entry("othernumber", "no"),
          Map.entry("punctuation", "p"),
          Map.entry("symbol", "s"),
          Map.entry("separator", "z"),
          Map.entry("other", "c"));

  private static final List<Integer> CASED = cased();
  private static final Map<Integer, BitSet> SAME_BUT_FOR_CASE = sameButForCase();

  /// `\w` outside brackets, where Oniguruma counts the fractions and raised digits of Latin-1 too.
  static final CodePoints WORD =
      CodePoints.where(
          c -> isWord(c) || (c < 0x100 && Character.getType(c) == Character.OTHER_NUMBER));

  private Properties() {}

  /// The set of a name as `\p{…}` spells it; case, blanks, hyphens and underscores do not count.
  static Optional<CodePoints> named(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    CodePoints known = KNOWN.get(plain);
    if (known == null) {
      Optional<IntPredicate> test = test(plain);
      if (test.isEmpty()) {
        return Optional.empty();
      }
      known = KNOWN.computeIfAbsent(plain, _ -> CodePoints.where(test.get()));
    }
    return Optional.of(known);
  }

  static CodePoints required(String name) {
    return named(name).orElseThrow(() -> new IllegalStateException(name));
  }

  private static Optional<IntPredicate> test(String name) {
    String category = LONG_NAMES.getOrDefault(name, name);
    if (category.length() <= 2
        && CATEGORIES.keySet().stream().anyMatch(known -> known.startsWith(category))) {
      boolean[] in = new boolean[32];
      CATEGORIES.forEach((known, type) -> in[type] = known.startsWith(category));
      return Optional.of(c -> in[Character.getType(c)]);
    }
    return switch (name) {
      case "any" -> Optional.of(_ -> true);
      case "alphabetic", "alpha" -> Optional.of(Character::isAlphabetic);
      case "uppercase", "upper" -> Optional.of(Character::isUpperCase);
      case "lowercase", "lower" -> Optional.of(Character::isLowerCase);
      case "whitespace", "space" -> Optional.of(Properties::isSpace);
      case "digit" -> Optional.of(Character::isDigit);
      case "alnum" -> Optional.of(c -> Character.isAlphabetic(c) || Character.isDigit(c));
      case "word" -> Optional.of(Properties::isWord);
      case "xdigit" -> Optional.of(c -> c < 128 && Character.digit(c, 16) >= 0);
      case "ascii" -> Optional.of(c -> c < 128);
      default -> script(name);
    };
  }

  private static Optional<IntPredicate> script(String name) {
    for (Character.UnicodeScript script : Character.UnicodeScript.values()) {
      if (script.name().replace("_", "").equalsIgnoreCase(name)) {
        return Optional.of(c -> Character.UnicodeScript.of(c) == script);
      }
    }
    return Optional.empty();
  }

  /// Unicode's White_Space.
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || c == 0x20
        || c == 0x85
        || (c > 0x85 && Character.isSpaceChar(c));
  }

  private static boolean isWord(int c) {
    int type = Character.getType(c);
    return Character.isAlphabetic(c)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.CONNECTOR_PUNCTUATION;
  }

  /// The set with all letters that differ from one of its own in case alone.
  static CodePoints inBothCases(CodePoints set) {
    CodePoints.Builder more = new CodePoints.Builder();
    BitSet found = new BitSet();
    for (int c : CASED) {
      if (set.contains(c)) {
        found.or(SAME_BUT_FOR_CASE.getOrDefault(fold(c), new BitSet()));
      }
    }
    found.stream().forEach(c -> more.add(c, c));
    return set.union(more.build());
  }

  private static int fold(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  private static List<Integer> cased() {
    return java.util.stream.IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
        // I with a dot and i without are letters of their own outside Turkish.
        .filter(c -> c != 0x130 && c != 0x131)
        .boxed()
        .toList();
  }

  private static Map<Integer, BitSet> sameButForCase() {
    Map<Integer, BitSet> same = new HashMap<>();
    for (int c : CASED) {
      same.computeIfAbsent(fold(c), _ -> new BitSet()).set(c);
    }
    return same;
  }
}
