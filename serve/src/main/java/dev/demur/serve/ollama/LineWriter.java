package dev.demur.serve.ollama;

import dev.demur.serve.answer.Piece;
import dev.demur.serve.answer.Piece.Finish;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.Usage;
import dev.demur.serve.ollama.Line.Beside;
import dev.demur.serve.ollama.Line.Message;
import dev.demur.serve.registry.Done;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Writes pieces of answers as Ollama's lines.
///
/// @param model as it was asked for
/// @param kind of what is answered
/// @param done what was done to the model
record LineWriter(String model, Kind kind, Done done) {

  /// What is answered.
  enum Kind {
    CHAT,
    TEXT
  }

  /// A line that is not the last.
  Line line(Piece piece) {
    return new Line(
        model,
        Instant.now().toString(),
        message(piece),
        response(piece),
        kind == Kind.TEXT ? thinking(piece) : Optional.empty(),
        false,
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  /// The last line.
  ///
  /// @param last what had not been sent, and why the answer ended
  /// @param seen what the monitor saw, where the client may hear it
  Line closing(Piece last, Usage usage, long nanos, Optional<Seen> seen) {
    return new Line(
        model,
        Instant.now().toString(),
        message(last),
        response(last),
        kind == Kind.TEXT ? thinking(last) : Optional.empty(),
        true,
        last.finish().map(f -> f == Finish.LENGTH ? "length" : "stop"),
        OptionalInt.of(usage.promptTokens()),
        OptionalInt.of(usage.completionTokens()),
        OptionalLong.of(nanos),
        Optional.of(new Beside(done, seen)));
  }

  private Optional<Message> message(Piece piece) {
    return kind == Kind.CHAT
        ? Optional.of(new Message("assistant", piece.text(), thinking(piece)))
        : Optional.empty();
  }

  private Optional<String> response(Piece piece) {
    return kind == Kind.TEXT ? Optional.of(piece.text()) : Optional.empty();
  }

  private static Optional<String> thinking(Piece piece) {
    return piece.reasoning().isEmpty() ? Optional.empty() : Optional.of(piece.reasoning());
  }
}
