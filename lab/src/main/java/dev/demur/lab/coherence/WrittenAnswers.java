package dev.demur.lab.coherence;

import dev.demur.model.text.TokenIds;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What one unedited model has answered greedily in this process, so that no answer is written
/// twice: a study's completions of harmless prompts are also the text its interventions are
/// measured on. Nothing of it reaches the disk; a run that goes on writes again what it still
/// needs.
public final class WrittenAnswers {

  /// @param prompt with the template
  /// @param maxNewTokens length at which the answer was cut
  private record Asked(TokenIds prompt, int maxNewTokens) {}

  private final Map<Asked, TokenIds> answers = new ConcurrentHashMap<>();

  /// Remembers an answer.
  public void add(TokenIds prompt, int maxNewTokens, TokenIds answer) {
    answers.put(new Asked(prompt, maxNewTokens), answer);
  }

  /// An answer that was written before.
  public Optional<TokenIds> find(TokenIds prompt, int maxNewTokens) {
    return Optional.ofNullable(answers.get(new Asked(prompt, maxNewTokens)));
  }
}
