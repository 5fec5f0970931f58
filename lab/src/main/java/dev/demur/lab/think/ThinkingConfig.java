package dev.demur.lab.think;

import java.util.List;

/// How a thinking grid is run.
///
/// @param sources where thoughts come from; the unsteered model's own always come first, to compare
///   with
/// @param thoughtTokens length at which a thought is cut
/// @param answerTokens length at which an answer is cut
/// @param batch sequences written together
/// @param filler words of the thought about nothing
/// @param controls random controls of the policy, 0 or more
/// @param seed of the controls
public record ThinkingConfig(
    List<ThoughtSource> sources,
    int thoughtTokens,
    int answerTokens,
    int batch,
    String filler,
    int controls,
    long seed) {

  /// A thought that names no leaning.
  public static final String FILLER =
      "Let me think about this for a moment and then say something.";

  public ThinkingConfig {
    sources = sources.stream().distinct().sorted().toList();
    if (thoughtTokens < 1 || answerTokens < 1 || batch < 1 || controls < 0) {
      throw new IllegalArgumentException(
          "thought tokens, answer tokens and batch must be >= 1, controls >= 0");
    }
    if (sources.isEmpty() || filler.isBlank()) {
      throw new IllegalArgumentException(
          "a thinking grid needs a source of thoughts, and a filler that is not blank");
    }
  }
}
