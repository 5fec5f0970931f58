package dev.demur.lab.judge;

import java.util.Arrays;
import java.util.Optional;

/// The languages that completions are distinguished by.
public enum Language {
  ENGLISH("en", "English"),
  GERMAN("de", "German"),
  FRENCH("fr", "French"),
  SPANISH("es", "Spanish"),
  ITALIAN("it", "Italian"),
  PORTUGUESE("pt", "Portuguese"),
  DUTCH("nl", "Dutch"),
  SWEDISH("sv", "Swedish"),
  DANISH("da", "Danish or Norwegian"),
  POLISH("pl", "Polish"),
  CZECH("cs", "Czech"),
  TURKISH("tr", "Turkish"),
  INDONESIAN("id", "Indonesian"),
  VIETNAMESE("vi", "Vietnamese"),
  FINNISH("fi", "Finnish"),
  HUNGARIAN("hu", "Hungarian"),
  ROMANIAN("ro", "Romanian"),
  RUSSIAN("ru", "Russian or another language in Cyrillic letters"),
  CHINESE("zh", "Chinese"),
  JAPANESE("ja", "Japanese"),
  KOREAN("ko", "Korean"),
  ARABIC("ar", "Arabic or another language in Arabic letters"),
  HINDI("hi", "Hindi or another language in Devanagari letters"),
  GREEK("el", "Greek"),
  HEBREW("he", "Hebrew"),
  THAI("th", "Thai"),
  /// Nothing tells the language: a number, a formula, one symbol. Every judge takes such an answer.
  UNDETERMINED("und", "no language");

  private final String code;
  private final String title;

  Language(String code, String title) {
    this.code = code;
    this.title = title;
  }

  /// The language of an answer; where it tells nothing by itself, that of its instruction.
  public static Language of(String instruction, String completion) {
    var own = LanguageDetector.detect(completion);
    return own == UNDETERMINED ? LanguageDetector.detect(instruction) : own;
  }

  /// The two-letter code of ISO 639, or `und`.
  public String code() {
    return code;
  }

  /// The name in English.
  public String title() {
    return title;
  }

  /// The language of a code.
  public static Optional<Language> ofCode(String code) {
    return Arrays.stream(values()).filter(language -> language.code.equals(code)).findFirst();
  }
}
