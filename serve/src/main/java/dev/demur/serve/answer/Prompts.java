package dev.demur.serve.answer;

import dev.demur.model.text.TokenIds;
import dev.demur.serve.api.ApiException;

/// What is asked of every prompt.
public final class Prompts {

  private Prompts() {}

  /// How many tokens an answer can have.
  ///
  /// @param param field the prompt comes from
  /// @throws ApiException if the prompt is empty, or leaves no room for one token
  public static int room(TokenIds prompt, ServedModel model, String param) {
    if (prompt.isEmpty()) {
      throw ApiException.invalid(param, "the prompt is empty");
    }
    int room = model.context() - prompt.size();
    if (room < 1) {
      throw ApiException.invalid(
          param,
          "the prompt has "
              + prompt.size()
              + " tokens; this server's context is "
              + model.context()
              + ", answer included");
    }
    return room;
  }
}
