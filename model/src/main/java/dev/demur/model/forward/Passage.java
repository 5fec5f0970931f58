package dev.demur.model.forward;

import dev.demur.model.text.TokenIds;

/// A sequence whose tokens from a given index on are predicted, each from all before it.
///
/// @param tokens the whole sequence
/// @param from index of the first token that is predicted, at least 1: nothing precedes token 0;
///   `tokens.size()` when none is
public record Passage(TokenIds tokens, int from) {

  public Passage {
    if (from < 1 || from > Math.max(1, tokens.size())) {
      throw new IllegalArgumentException(
          "from must be 1 to " + tokens.size() + ", the number of tokens, was " + from);
    }
  }

  /// Every token but the first.
  public static Passage whole(TokenIds tokens) {
    return new Passage(tokens, 1);
  }

  /// How many tokens are predicted.
  public int predicted() {
    return Math.max(0, tokens.size() - from);
  }

  /// What the model has to see: all but the last token.
  TokenIds input() {
    return tokens.slice(0, tokens.size() - 1);
  }
}
