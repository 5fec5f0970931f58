package dev.demur.serve.answer;

import dev.demur.lab.policy.LiveThought;
import dev.demur.model.text.Prompt;
import java.util.List;
import java.util.OptionalInt;

/// One prompt to be answered, as an interface understood it.
///
/// @param prompt what is there already
/// @param answers how many answers are written
/// @param maxTokens of one answer; 0 only where the prompt's likelihoods are asked for
/// @param sampling how tokens are chosen
/// @param stops texts that end an answer and are not part of it
/// @param likeliest how many alternatives are reported with each token; empty for no
///   log-probabilities
/// @param prompting whether likelihoods of the prompt are reported
/// @param thinking whether the answer may think
public record Ask(
    Prompt prompt,
    int answers,
    int maxTokens,
    Sampling sampling,
    List<String> stops,
    OptionalInt likeliest,
    Prompting prompting,
    Thinking thinking) {

  /// What is told of the prompt itself.
  public enum Prompting {
    /// Nothing.
    SILENT,
    /// Likelihoods of its tokens.
    LIKELIHOODS
  }

  /// What is made of `<think>`.
  public enum Thinking {
    /// It is text like any other.
    TEXT,
    /// What stands between it and `</think>` is reasoning.
    SPLIT,
    /// The same, and the prompt has opened it already.
    OPEN
  }

  public Ask {
    stops = List.copyOf(stops);
  }

  /// What stands before an answer's first token.
  LiveThought.Start start() {
    boolean isOpened = thinking == Thinking.OPEN || Thoughts.areOpened(prompt);
    return isOpened ? LiveThought.Start.OPENED : LiveThought.Start.PLAIN;
  }
}
