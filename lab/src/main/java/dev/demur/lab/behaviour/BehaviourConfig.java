package dev.demur.lab.behaviour;

import java.util.Locale;

/// How many prompts an audit of behaviour draws, and how it has them answered.
///
/// @param seed root of the draws
/// @param read prompts of each kind read for directions and means
/// @param asked other prompts of each kind, answered and judged
/// @param maxNewTokens length at which an answer is cut
/// @param batchSize answers written side by side
public record BehaviourConfig(long seed, int read, int asked, int maxNewTokens, int batchSize) {

  /// Fewer prompts than this say nothing about a rate or a mean.
  static final int FEWEST = 8;

  public BehaviourConfig {
    if (read < FEWEST || asked < FEWEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "at least %d prompts of each kind must be read and asked, were %d and %d",
              FEWEST,
              read,
              asked));
    }
    if (maxNewTokens < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "answers need at least one token and one place, were %d and %d",
              maxNewTokens,
              batchSize));
    }
  }

  /// 32 prompts of each kind are asked.
  public static BehaviourConfig usual() {
    return asking(32);
  }

  /// So many prompts of each kind asked and twice as many read, for reading costs little: answers
  /// of 48 tokens, seed 42.
  public static BehaviourConfig asking(int prompts) {
    return new BehaviourConfig(42, 2 * prompts, prompts, 48, 32);
  }
}
