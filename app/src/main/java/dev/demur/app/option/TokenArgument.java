package dev.demur.app.option;

import dev.demur.model.text.Tokenizer;
import java.util.List;

/// Refusal tokens as they are named on the command line: ids, vocabulary entries or text.
public final class TokenArgument {

  private TokenArgument() {}

  /// The ids of tokens.
  ///
  /// @throws IllegalArgumentException if one is not a token of the model
  public static List<Integer> ids(List<String> tokens, Tokenizer tokenizer) {
    return tokens.stream().map(text -> id(text, tokenizer)).toList();
  }

  private static int id(String text, Tokenizer tokenizer) {
    if (text.matches("\\d{1,9}")) {
      int id = Integer.parseInt(text);
      tokenizer.token(id); // rejects ids outside the vocabulary
      return id;
    }
    var named = tokenizer.id(text);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    var ids = tokenizer.encode(text);
    if (ids.size() != 1) {
      throw new IllegalArgumentException(
          "--refusal-tokens: \"%s\" is %d tokens of this model, expected one; give its first token's id"
              .formatted(text, ids.size()));
    }
    return ids.get(0);
  }
}
