package dev.demur.serve.answer;

import dev.demur.lab.study.Prompting;
import dev.demur.model.text.Prompt;
import dev.demur.serve.answer.Ask.Thinking;

/// Parts what was thought from what was said, in a text that comes in pieces. Changed by every
/// call.
final class Thoughts {

  private static final String OPEN = Prompting.OPEN;
  private static final String CLOSE = Prompting.CLOSE;

  /// Whether a prompt ends with the mark that opens them.
  static boolean areOpened(Prompt prompt) {
    return prompt.text().stripTrailing().endsWith(OPEN);
  }

  private final StringBuilder held = new StringBuilder();
  private State state;

  private enum State {
    UNDECIDED,
    THINKING,
    CLOSED,
    SAYING
  }

  /// @param said what was said
  /// @param thought what was thought
  record Parted(String said, String thought) {}

  Thoughts(Thinking thinking) {
    this.state =
        switch (thinking) {
          case TEXT -> State.SAYING;
          case SPLIT -> State.UNDECIDED;
          case OPEN -> State.THINKING;
        };
  }

  /// What is certain after one more piece.
  Parted next(String piece) {
    held.append(piece);
    var thought = new StringBuilder();
    if (state == State.UNDECIDED) {
      decide();
    }
    if (state == State.THINKING) {
      think(thought);
    }
    if (state == State.CLOSED && !held.toString().isBlank()) {
      held.replace(0, held.length(), held.toString().stripLeading());
      state = State.SAYING;
    }
    return new Parted(state == State.SAYING ? take(held.length()) : "", thought.toString());
  }

  /// What was held back, when nothing more comes.
  Parted rest() {
    String left = take(held.length());
    return switch (state) {
      case UNDECIDED, SAYING -> new Parted(left, "");
      case THINKING -> new Parted("", left);
      case CLOSED -> new Parted("", "");
    };
  }

  private void decide() {
    String start = held.toString().stripLeading();
    if (start.startsWith(OPEN)) {
      held.replace(0, held.length(), start.substring(OPEN.length()));
      state = State.THINKING;
    } else if (!OPEN.startsWith(start)) {
      state = State.SAYING;
    }
  }

  private void think(StringBuilder thought) {
    int close = held.indexOf(CLOSE);
    if (close >= 0) {
      thought.append(take(close));
      take(CLOSE.length());
      state = State.CLOSED;
      return;
    }
    int kept = Math.min(CLOSE.length() - 1, held.length());
    while (!CLOSE.startsWith(held.substring(held.length() - kept))) {
      kept--;
    }
    thought.append(take(held.length() - kept));
  }

  private String take(int length) {
    String taken = held.substring(0, length);
    held.delete(0, length);
    return taken;
  }
}
