package dev.demur.model.hook;

/// Which tokens of a sequence: a run of positions, both ends included.
///
/// Positions count from the end of the prompt: −1 is its last token, 0 the first token written
/// after it. They mean the same in a batch, alone, with a cache and token by token.
///
/// @param from first position
/// @param to last position, at least `from`
public record Positions(int from, int to) {

  public Positions {
    if (from > to) {
      throw new IllegalArgumentException(
          "positions run from the first to the last, were " + from + " to " + to);
    }
  }

  /// Every token, of prompt and answer.
  public static Positions all() {
    return new Positions(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// The prompt's last token.
  public static Positions last() {
    return new Positions(-1, -1);
  }

  /// The prompt's last `count` tokens.
  public static Positions last(int count) {
    return new Positions(-count, -1);
  }

  /// Every token of the prompt.
  public static Positions prompt() {
    return new Positions(Integer.MIN_VALUE, -1);
  }

  /// Every token written after the prompt.
  public static Positions answer() {
    return new Positions(0, Integer.MAX_VALUE);
  }

  /// Whether a position is one of these.
  public boolean contains(int position) {
    return from <= position && position <= to;
  }

  /// Tokens at the end of a prompt that lie at or behind the first of these positions.
  int ownTokens() {
    return from >= 0 ? 0 : from == Integer.MIN_VALUE ? Integer.MAX_VALUE : -from;
  }

  @Override
  public String toString() {
    return from == to ? String.valueOf(from) : end(from, "first") + " to " + end(to, "last");
  }

  private static String end(int position, String unbounded) {
    boolean none = position == Integer.MIN_VALUE || position == Integer.MAX_VALUE;
    return none ? unbounded : String.valueOf(position);
  }
}
