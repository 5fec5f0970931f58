package dev.demur.lab.judge;

import dev.demur.lab.LowerCase;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tells the language of a text: by its script, then by the common words of `language-words.txt`.
///
/// It reads the first 2,000 characters. A tie, or no known word, is [Language#UNDETERMINED].
final class LanguageDetector {

  private static final int HEAD = 2000;

  /// From this share of the letters on, a script decides; below, it is a quotation.
  private static final double SCRIPT_SHARE = 0.3;

  /// Points; less is chance.
  private static final double FEWEST = 1;

  /// Points for each word; less is text of no language, as a broken model writes it.
  private static final double WORD_SHARE = 0.1;

  /// Sums of reciprocals are equal only to within rounding.
  private static final double SAME = 1e-9;

  private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|\\z)");
  private static final Pattern LETTER = Pattern.compile("\\p{L}");
  private static final Pattern WORD = Pattern.compile("\\p{L}+(?:'\\p{L}+)*");
  private static final SequencedMap<Language, Pattern> SCRIPTS = scripts();
  private static final Map<String, List<Language>> WORDS = known();

  private LanguageDetector() {}

  /// The language of a text.
  static Language detect(String text) {
    String plain =
        Normalizer.normalize(CODE.matcher(text).replaceAll(" "), Normalizer.Form.NFC)
            .replace('\u2019', '\'');
    String head = plain.substring(0, plain.offsetByCodePoints(0, codePoints(plain)));
    long letters = count(LETTER, head);
    for (var script : SCRIPTS.entrySet()) {
      if (letters > 0 && count(script.getValue(), head) >= SCRIPT_SHARE * letters) {
        return script.getKey();
      }
    }
    return byWords(LowerCase.of(head));
  }

  private static Language byWords(String text) {
    var words = words(text);
    var points = new EnumMap<Language, Double>(Language.class);
    Stream.concat(words.stream(), marks(text))
        .map(word -> WORDS.getOrDefault(word, List.of()))
        .forEach(known -> known.forEach(l -> points.merge(l, 1.0 / known.size(), Double::sum)));
    double best = points.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    var winners =
        points.entrySet().stream()
            .filter(entry -> entry.getValue() >= best - SAME)
            .map(Map.Entry::getKey)
            .toList();
    boolean isTold = best >= Math.max(FEWEST, WORD_SHARE * words.size()) - SAME;
    return isTold && winners.size() == 1 ? winners.getFirst() : Language.UNDETERMINED;
  }

  private static List<String> words(String text) {
    return WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(word -> !isMark(word))
        .toList();
  }

  /// Letters and marks that few languages have.
  private static Stream<String> marks(String text) {
    return text.codePoints().mapToObj(Character::toString).filter(LanguageDetector::isMark);
  }

  private static boolean isMark(String word) {
    return word.length() == 1 && word.charAt(0) > 127;
  }

  private static int codePoints(String text) {
    return Math.min(HEAD, text.codePointCount(0, text.length()));
  }

  private static long count(Pattern pattern, String text) {
    return pattern.matcher(text).results().count();
  }

  /// In this order: Japanese has Chinese characters too.
  private static SequencedMap<Language, Pattern> scripts() {
    var scripts = new LinkedHashMap<Language, Pattern>();
    scripts.put(Language.JAPANESE, Pattern.compile("[\\p{IsHiragana}\\p{IsKatakana}]"));
    scripts.put(Language.KOREAN, Pattern.compile("\\p{IsHangul}"));
    scripts.put(Language.CHINESE, Pattern.compile("\\p{IsHan}"));
    scripts.put(Language.RUSSIAN, Pattern.compile("\\p{IsCyrillic}"));
    scripts.put(Language.ARABIC, Pattern.compile("\\p{IsArabic}"));
    scripts.put(Language.HINDI, Pattern.compile("\\p{IsDevanagari}"));
    scripts.put(Language.GREEK, Pattern.compile("\\p{IsGreek}"));
    scripts.put(Language.HEBREW, Pattern.compile("\\p{IsHebrew}"));
    scripts.put(Language.THAI, Pattern.compile("\\p{IsThai}"));
    return scripts;
  }

  private static Map<String, List<Language>> known() {
    var words = new HashMap<String, List<Language>>();
    for (String line : Lexicon.lines("language-words.txt")) {
      String[] parts = line.split(" ", -1);
      var language = Language.ofCode(parts[0]).orElseThrow();
      for (int i = 1; i < parts.length; i++) {
        var known = words.computeIfAbsent(parts[i], _ -> new ArrayList<>());
        if (!known.contains(language)) {
          known.add(language);
        }
      }
    }
    return words;
  }
}
