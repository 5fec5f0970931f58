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
/// @param seen what a monitor saw of the prompt, with the first piece
public record Piece(
    Lane lane,
    String text,
    String reasoning,
    List<Token> tokens,
    Optional<Finish> finish,
    Optional<Seen> seen) {

  /// A piece of which nothing was seen.
  Piece(Lane lane, String text, String reasoning, List<Token> tokens, Optional<Finish> finish) {
    this(lane, text, reasoning, tokens, finish, Optional.empty());
  }

  /// What was seen of a prompt, before its answer begins.
  static Piece seen(Lane lane, Seen seen) {
    return new Piece(lane, "", "", List.of(), Optional.empty(), Optional.of(seen));
  }

  /// What is said in place of an answer.
  static Piece refusal(Lane lane, String text) {
    return new Piece(lane, text, "", List.of(), Optional.of(Finish.CONTENT_FILTER));
  }

  public Piece {
    tokens = List.copyOf(tokens);
  }

  /// Why an answer ended.
  public enum Finish {
    /// The model ended it, or a stop text did.
    STOP,
    /// It is as long as it may be.
    LENGTH,
    /// The server's guard refused it.
    CONTENT_FILTER
  }

  boolean isEmpty() {
    return text.isEmpty()
        && reasoning.isEmpty()
        && tokens.isEmpty()
        && finish.isEmpty()
        && seen.isEmpty();
  }
}
