package dev.demur.serve.answer;

import java.util.List;
import java.util.Optional;

/// A part of one answer that is certain.
///
/// @param lane which answer
/// @param text what was said; may be empty
/// @param reasoning what was thought
/// @param tokens those behind it, with their likelihoods where they are asked for
/// @param finish why the answer ended, with the last piece
public record Piece(
    Lane lane, String text, String reasoning, List<Token> tokens, Optional<Finish> finish) {

  public Piece {
    tokens = List.copyOf(tokens);
  }

  /// Why an answer ended.
  public enum Finish {
    /// The model ended it, or a stop text did.
    STOP,
    /// It is as long as it may be.
    LENGTH
  }

  boolean isEmpty() {
    return text.isEmpty() && reasoning.isEmpty() && tokens.isEmpty() && finish.isEmpty();
  }
}
