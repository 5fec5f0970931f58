package dev.demur.serve.openai;

import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Projection;
import dev.demur.serve.answer.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was read while an answer was written.
///
/// @param version of this form
/// @param tokens one for each token, in order
record Readings(int version, List<OfToken> tokens) {

  /// Raised when a reader of the old form would misread the new.
  private static final int VERSION = 1;

  Readings {
    tokens = List.copyOf(tokens);
  }

  /// Read where one token was written from: the token before it, or the prompt's last.
  ///
  /// @param id the token
  /// @param text its text
  /// @param projections x·r̂ entering each layer, by direction, in stream units
  /// @param nullBand by layer, how far from 0 a direction drawn at random reads in 95 of 100 draws
  record OfToken(
      int id, String text, Map<String, List<Double>> projections, List<Double> nullBand) {}

  /// Of tokens with projections; empty where there are none.
  static Optional<Readings> of(List<Token> tokens, Tokenizer tokenizer) {
    var read =
        tokens.stream()
            .filter(token -> !token.projections().isEmpty())
            .map(token -> of(token, tokenizer))
            .toList();
    return read.isEmpty() ? Optional.empty() : Optional.of(new Readings(VERSION, read));
  }

  private static OfToken of(Token token, Tokenizer tokenizer) {
    var byName = new LinkedHashMap<String, List<Double>>();
    for (Projection projection : token.projections()) {
      byName.put(projection.name(), projection.byLayer());
    }
    return new OfToken(
        token.id(), tokenizer.text(token.id()), byName, token.projections().getFirst().nullBand());
  }
}
