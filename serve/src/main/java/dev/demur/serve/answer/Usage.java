package dev.demur.serve.answer;

import dev.demur.model.generate.Likelihood;
import java.util.List;

/// What an [Ask] took, when it is answered.
///
/// @param promptTokens tokens of the prompt
/// @param completionTokens tokens written in all answers
/// @param prompt likelihoods of the prompt's tokens from the second on, where they were asked for
public record Usage(int promptTokens, int completionTokens, List<Likelihood> prompt) {

  public Usage {
    prompt = List.copyOf(prompt);
  }
}
