package dev.demur.model.format;

import java.io.Serial;

/// A text that can be looked at only so often, for matching expressions that strangers wrote: some
/// would never end. Changed by every look.
public final class LimitedText implements CharSequence {

  /// A module's name has some 50 characters, and a sound expression reads each a few times.
  private static final int LOOKS = 1_000_000;

  private final String text;
  private int left = LOOKS;

  /// Thrown when the text has been looked at too often.
  public static final class Spent extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;
  }

  public LimitedText(String text) {
    this.text = text;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    left--;
    if (left < 0) {
      throw new Spent();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
