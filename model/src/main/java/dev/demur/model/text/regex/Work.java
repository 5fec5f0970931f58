package dev.demur.model.text.regex;

import java.util.IdentityHashMap;

/// What one text may still cost, in steps of some nanoseconds, and how long it may grow. Changed by
/// all that is done to the text.
///
/// docs/reliability.md has what real tokenizers take; the limits are at least eight times that.
public final class Work {

  /// What a short text may cost: some ten milliseconds.
  private static final long STEPS = 1L << 21;

  private static final long STEPS_PER_BYTE = 1000;

  /// What a short text may grow to, in characters.
  private static final long SIZE = 1 << 12;

  /// U+FDFA has three bytes in UTF-8 and eighteen characters in form NFKC, of two bytes each.
  private static final long SIZE_PER_BYTE = 16;

  /// No text grows by more characters than this; each takes twelve bytes.
  private static final long MOST_GROWTH = 1 << 24;

  private final long bytes;
  private final IdentityHashMap<Regex, Threads> machines = new IdentityHashMap<>();
  private long left;

  private Work(long bytes) {
    this.bytes = bytes;
    this.left = STEPS + STEPS_PER_BYTE * bytes;
  }

  /// The budget of a text of that many bytes in UTF-8.
  public static Work onBytes(long bytes) {
    return new Work(bytes);
  }

  /// Pays for some steps.
  ///
  /// @throws TooMuchWorkException if nothing is left
  public void spend(long steps) {
    left -= steps;
    if (left < 0) {
      throw new TooMuchWorkException(
          "the tokenizer takes more than "
              + STEPS_PER_BYTE
              + " steps a byte on a text of "
              + bytes
              + " bytes; its file is broken or hostile, use the model's original one");
    }
  }

  /// Pays for a text of `size` characters that was made of the one this budget is for.
  ///
  /// @throws TooMuchWorkException if it has grown too long
  public void make(long size) {
    spend(size);
    if (size > SIZE + Math.min(SIZE_PER_BYTE * bytes, 2 * bytes + MOST_GROWTH)) {
      throw new TooMuchWorkException(
          "the tokenizer makes more than "
              + SIZE_PER_BYTE
              + " characters a byte of a text of "
              + bytes
              + " bytes; its file is broken or hostile, use the model's original one");
    }
  }

  /// The state a pattern is matched with, used again for each piece of the text.
  Threads threads(Regex regex) {
    spend(1);
    return machines.computeIfAbsent(regex, r -> new Threads(r.program().size()));
  }

  /// Steps that are left.
  public long left() {
    return left;
  }
}
