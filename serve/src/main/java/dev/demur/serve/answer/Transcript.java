package dev.demur.serve.answer;

import dev.demur.model.generate.Completion;
import dev.demur.model.generate.Written;
import dev.demur.model.text.StreamingDecoder;
import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Piece.Finish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Turns the tokens of one answer into pieces. Changed by every token.
///
/// A token is told with the text that it began; what a stop text cuts off takes its tokens along.
final class Transcript {

  private final Lane lane;
  private final Set<Integer> endTokens;
  private final StreamingDecoder decoder;
  private final StopWords stops;
  private final Thoughts thoughts;
  private final Deque<Token> untold = new ArrayDeque<>();
  private int decoded;
  private int told;
  private int count;
  private boolean ended;

  /// @param endTokens ids that end the answer and are told all the same
  Transcript(Lane lane, Ask ask, Tokenizer tokenizer, Set<Integer> endTokens) {
    this.lane = lane;
    this.endTokens = endTokens;
    this.decoder = tokenizer.streamingDecoder();
    this.stops = new StopWords(ask.stops());
    this.thoughts = new Thoughts(ask.thinking());
  }

  /// Whether nothing more belongs to the answer.
  boolean isEnded() {
    return ended;
  }

  /// Tokens written so far.
  int count() {
    return count;
  }

  /// Whose answer it is.
  Lane lane() {
    return lane;
  }

  /// Nothing more belongs to the answer: another takes its place.
  void abandon() {
    ended = true;
  }

  /// One more token.
  Piece next(Written written, List<Projection> projections) {
    count++;
    untold.add(new Token(written.id(), decoded, written.likelihood(), projections));
    if (endTokens.contains(written.id())) {
      return end(Finish.STOP);
    }
    String text = decoder.next(written.id());
    decoded += text.length();
    String certain = stops.next(text);
    told += certain.length();
    if (stops.isFound()) {
      ended = true;
      var last = thoughts.next(certain);
      var rest = thoughts.rest();
      return new Piece(
          lane,
          last.said() + rest.said(),
          last.thought() + rest.thought(),
          tokens(token -> token.offset() < told),
          Optional.of(Finish.STOP));
    }
    var parted = thoughts.next(certain);
    return new Piece(
        lane,
        parted.said(),
        parted.thought(),
        tokens(token -> token.offset() < told),
        Optional.empty());
  }

  /// The end.
  Piece end(Completion.End end) {
    return end(
        switch (end) {
          case STOP -> Finish.STOP;
          case LENGTH -> Finish.LENGTH;
        });
  }

  private Piece end(Finish finish) {
    ended = true;
    String certain = stops.next(decoder.finish());
    var last = thoughts.next(certain + stops.rest());
    var rest = thoughts.rest();
    return new Piece(
        lane,
        last.said() + rest.said(),
        last.thought() + rest.thought(),
        tokens(_ -> !stops.isFound()),
        Optional.of(stops.isFound() ? Finish.STOP : finish));
  }

  private List<Token> tokens(Predicate<Token> isTold) {
    var all = new ArrayList<Token>();
    while (!untold.isEmpty() && isTold.test(untold.peekFirst())) {
      all.add(untold.removeFirst());
    }
    return all;
  }
}
