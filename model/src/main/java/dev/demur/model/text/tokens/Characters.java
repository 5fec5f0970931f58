package dev.demur.model.text.tokens;

/// What kinds of character the parts of a tokenizer tell apart.
///
/// Source: `normalizers/bert.rs`, `normalizers/unicode.rs` and `pre_tokenizers/punctuation.rs` of
/// tokenizers; the properties are Unicode's.
final class Characters {

  private Characters() {}

  /// Unicode's White_Space.
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || c == 0x20
        || c == 0x85
        || (c > 0x85 && Character.isSpaceChar(c));
  }

  /// Letters, marks, digits and what joins words.
  static boolean isWord(int c) {
    return Character.isAlphabetic(c)
        || Character.isDigit(c)
        || isMark(c)
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
        || c == 0x200C
        || c == 0x200D;
  }

  static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  static boolean isAccent(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK;
  }

  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /// Unicode's punctuation and ASCII's.
  static boolean isPunctuation(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    };
  }

  /// What BERT's normalizer leaves out.
  static boolean isJunk(int c) {
    return c == 0
        || c == 0xFFFD
        || switch (Character.getType(c)) {
          case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
          case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
          default -> false;
        };
  }

  static int spaceAsBlank(int c) {
    return isSpace(c) ? ' ' : c;
  }

  static boolean isHan(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  static boolean isNmtControl(int c) {
    return (c >= 0x01 && c <= 0x08)
        || c == 0x0B
        || (c >= 0x0E && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  static boolean isNmtSpace(int c) {
    return c == 0x09
        || c == 0x0A
        || c == 0x0C
        || c == 0x0D
        || c == 0x1680
        || (c >= 0x200B && c <= 0x200F)
        || c == 0x2028
        || c == 0x2029
        || c == 0x2581
        || c == 0xFEFF
        || c == 0xFFFD;
  }
}
