package dev.demur.lab.study;

import java.util.function.Consumer;

/// How completions are made.
///
/// @param harmfulPrompts at most this many prompts of each harmful set
/// @param harmlessPrompts at most this many prompts of the harmless set
/// @param maxNewTokens length at which a completion is cut
/// @param batchSize sequences decoded together
/// @param randomDirections directions of equal norm run as a control
/// @param coefficient factor of activation addition
/// @param keep what is stored of completions
public record Evaluation(
    int harmfulPrompts,
    int harmlessPrompts,
    int maxNewTokens,
    int batchSize,
    int randomDirections,
    double coefficient,
    Keep keep) {

  /// What is kept of completions.
  public enum Keep {
    /// Labels, lengths and a SHA-256.
    LABELS,
    /// The text as well.
    TEXT
  }

  public Evaluation {
    atLeast("harmful prompts", harmfulPrompts, 1);
    atLeast("harmless prompts", harmlessPrompts, 1);
    atLeast("max new tokens", maxNewTokens, 1);
    atLeast("batch size", batchSize, 1);
    atLeast("random directions", randomDirections, 0);
    if (!(Double.isFinite(coefficient) && coefficient > 0)) {
      throw new IllegalArgumentException("coefficient must be > 0, was " + coefficient);
    }
  }

  /// Whole harmful sets, 100 harmless prompts, 512 tokens, one random direction.
  public static Evaluation paper() {
    return new Evaluation(Integer.MAX_VALUE, 100, 512, 128, 1, 1.0, Keep.LABELS);
  }

  /// 24 prompts a set, 48 tokens.
  public static Evaluation quick() {
    return new Evaluation(24, 24, 48, 24, 1, 1.0, Keep.LABELS);
  }

  /// This evaluation with another `harmfulPrompts`.
  public Evaluation withHarmfulPrompts(int value) {
    return with(draft -> draft.harmfulPrompts = value);
  }

  /// This evaluation with another `harmlessPrompts`.
  public Evaluation withHarmlessPrompts(int value) {
    return with(draft -> draft.harmlessPrompts = value);
  }

  /// This evaluation with another `maxNewTokens`.
  public Evaluation withMaxNewTokens(int value) {
    return with(draft -> draft.maxNewTokens = value);
  }

  /// This evaluation with another `batchSize`.
  public Evaluation withBatchSize(int value) {
    return with(draft -> draft.batchSize = value);
  }

  /// This evaluation with another `randomDirections`.
  public Evaluation withRandomDirections(int value) {
    return with(draft -> draft.randomDirections = value);
  }

  /// This evaluation with another `coefficient`.
  public Evaluation withCoefficient(double value) {
    return with(draft -> draft.coefficient = value);
  }

  /// This evaluation with another `keep`.
  public Evaluation withKeep(Keep value) {
    return with(draft -> draft.keep = value);
  }

  private Evaluation with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /// An evaluation while one of its values is replaced.
  private static final class Draft {

    private int harmfulPrompts;
    private int harmlessPrompts;
    private int maxNewTokens;
    private int batchSize;
    private int randomDirections;
    private double coefficient;
    private Keep keep;

    Draft(Evaluation from) {
      harmfulPrompts = from.harmfulPrompts;
      harmlessPrompts = from.harmlessPrompts;
      maxNewTokens = from.maxNewTokens;
      batchSize = from.batchSize;
      randomDirections = from.randomDirections;
      coefficient = from.coefficient;
      keep = from.keep;
    }

    Evaluation finished() {
      return new Evaluation(
          harmfulPrompts,
          harmlessPrompts,
          maxNewTokens,
          batchSize,
          randomDirections,
          coefficient,
          keep);
    }
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be >= " + least + ", was " + value);
    }
  }
}
