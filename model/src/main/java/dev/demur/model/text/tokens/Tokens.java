package dev.demur.model.text.tokens;

import java.util.Arrays;

/// The tokens of a text as they are found, each with the original code points it came from. Changed
/// by each call.
public final class Tokens {

  private int[] ids = new int[16];
  private int[] from = new int[16];
  private int[] to = new int[16];
  private int size;

  Tokens() {}

  void add(int id, int first, int last) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
    }
    ids[size] = id;
    from[size] = first;
    to[size++] = last;
  }

  /// Adds a token of the code points `first` inclusive to `last` exclusive of a word.
  void add(int id, Aligned word, int first, int last) {
    add(id, word.from(first), word.to(last - 1));
  }

  public int size() {
    return size;
  }

  public int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  /// Index of the first original code point.
  public int from(int token) {
    return from[token];
  }

  /// Index behind the last original code point.
  public int to(int token) {
    return to[token];
  }
}
