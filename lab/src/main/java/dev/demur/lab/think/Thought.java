package dev.demur.lab.think;

import dev.demur.model.text.TokenIds;

/// What stands between a prompt and its answer.
///
/// @param tokens all of it, with what closes it
/// @param state how it ended
public record Thought(TokenIds tokens, State state) {

  /// How a thought ended.
  public enum State {
    /// The model closed it: an answer can follow.
    CLOSED,
    /// The limit was reached, or the model ended its turn without closing it.
    UNFINISHED
  }

  /// Whether an answer can follow.
  public boolean isClosed() {
    return state == State.CLOSED;
  }
}
