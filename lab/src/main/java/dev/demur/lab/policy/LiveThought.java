package dev.demur.lab.policy;

/// How long the thought of one answer is, learnt while it is written. It hears of every token
/// before that token is run, so that edits know on which side of the thought's end the token lies.
/// For one answer; changed by every token.
public final class LiveThought {

  /// The length of a thought that has not ended.
  static final int OPEN = Integer.MAX_VALUE;

  /// What stands before an answer's first token.
  public enum Start {
    /// The prompt has opened a thought.
    OPENED,
    /// Nothing: an answer that does not open a thought with its first token has none.
    PLAIN
  }

  private final int open;
  private final int close;
  private Start start;
  private int written;
  private int length = OPEN;

  /// @param open id of the token that opens a thought
  /// @param close id of the token that closes it
  public LiveThought(Start start, int open, int close) {
    this.start = start;
    this.open = open;
    this.close = close;
  }

  /// Hears of one more token.
  public void wrote(int token) {
    if (start == Start.PLAIN && token != open) {
      length = written;
    }
    start = Start.OPENED;
    written++;
    if (length == OPEN && token == close) {
      length = written;
    }
  }

  /// Tokens of the thought, the one that closes it included.
  int length() {
    return length;
  }
}
