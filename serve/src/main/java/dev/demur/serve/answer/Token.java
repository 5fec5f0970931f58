package dev.demur.serve.answer;

import dev.demur.model.generate.Likelihood;
import java.util.List;
import java.util.Optional;

/// A token of an answer or of a prompt.
///
/// @param id the token
/// @param offset characters of the text before it
/// @param likelihood how likely it was, where that is asked for
/// @param projections what was read where it was written from, where that is asked for
public record Token(
    int id, int offset, Optional<Likelihood> likelihood, List<Projection> projections) {

  public Token {
    projections = List.copyOf(projections);
  }
}
