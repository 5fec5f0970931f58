package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.TooMuchWorkException;
import dev.demur.model.text.regex.Work;
import java.text.Normalizer;

/// Brings a text to one of Unicode's normal forms.
///
/// The text is cut where no character can join the one before, so that each character of the result
/// keeps its place.
record UnicodeForm(Normalizer.Form form) implements Normalizers.Step {

  /// Sorting combining marks takes the square of their number. No language puts more than some ten
  /// on a letter; Unicode's stream-safe format allows thirty.
  private static final int MAX_MARKS = 1000;

  @Override
  public Aligned apply(Aligned text, Work work) {
    work.spend(2L * text.length());
    Aligned.Builder result = new Aligned.Builder(work, text.length());
    int start = 0;
    while (start < text.length()) {
      int end = start + 1;
      while (end < text.length() && joins(text.at(end))) {
        end++;
      }
      if (end - start > MAX_MARKS) {
        throw new TooMuchWorkException(
            "the text has more than "
                + MAX_MARKS
                + " combining marks in a row, which this tokenizer sorts; shorten them");
      }
      segment(text, start, end, work, result);
      start = end;
    }
    return result.build();
  }

  private void segment(Aligned text, int start, int end, Work work, Aligned.Builder result) {
    int only = text.at(start);
    if (end - start == 1 && only < 0x80) {
      result.add(only, text, start);
      return;
    }
    work.spend(16L * (end - start));
    String before = text.slice(start, end).text();
    String after = Normalizer.normalize(before, form);
    if (after.equals(before)) {
      result.copy(text, start, end);
      return;
    }
    // A character comes from the one its first part in decomposed form is of.
    int origin = start;
    int parts = parts(text.at(start));
    int done = 0;
    for (int c : after.codePoints().toArray()) {
      while (done >= parts && origin + 1 < end) {
        origin++;
        parts += parts(text.at(origin));
      }
      result.add(c, text, origin);
      done += parts(c);
    }
  }

  /// How many characters one is made of.
  private int parts(int c) {
    Normalizer.Form decomposed =
        switch (form) {
          case NFC, NFD -> Normalizer.Form.NFD;
          case NFKC, NFKD -> Normalizer.Form.NFKD;
        };
    String whole = Normalizer.normalize(Character.toString(c), decomposed);
    return whole.codePointCount(0, whole.length());
  }

  /// Whether a character may be moved before, or composed with, one before it.
  private static boolean joins(int c) {
    return c >= 0x300
        && (Characters.isMark(c)
            || (c >= 0x1100 && c <= 0x11FF)
            || (c >= 0xD7B0 && c <= 0xD7FF)
            || (c >= 0x16D40 && c <= 0x16D7F)
            || (c >= 0xFF9E && c <= 0xFF9F)
            || (c >= 0xFFA0 && c <= 0xFFDC)
            || (c >= 0x3131 && c <= 0x318E));
  }
}
