package dev.demur.serve.answer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Puts the pieces of answers together. Changed by every piece.
public final class Collected implements Consumer<Piece> {

  private final Map<Lane, Part> parts =
      new TreeMap<>(Comparator.comparingInt(Lane::answer).thenComparing(Lane::side));

  private static final class Part {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Token> tokens = new ArrayList<>();
    private Optional<Piece.Finish> finish = Optional.empty();
    private Optional<Seen> seen = Optional.empty();
  }

  @Override
  public void accept(Piece piece) {
    var part = parts.computeIfAbsent(piece.lane(), _ -> new Part());
    part.text.append(piece.text());
    part.reasoning.append(piece.reasoning());
    part.tokens.addAll(piece.tokens());
    part.finish = piece.finish();
    part.seen = part.seen.or(piece::seen);
  }

  /// Each answer as one piece, in their order.
  public List<Piece> answers() {
    return parts.entrySet().stream()
        .map(
            entry -> {
              var part = entry.getValue();
              return new Piece(
                  entry.getKey(),
                  part.text.toString(),
                  part.reasoning.toString(),
                  part.tokens,
                  part.finish,
                  part.seen);
            })
        .toList();
  }
}
