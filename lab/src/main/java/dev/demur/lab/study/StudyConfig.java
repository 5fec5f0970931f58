package dev.demur.lab.study;

import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.prompts.SampleSizes;
import dev.demur.lab.prompts.SamplingMode;
import java.util.List;

/// Everything that decides what a study computes. Two studies with equal configurations, models and
/// data give equal numbers.
///
/// ```java
/// var config = StudyConfig.paper().withSeed(7)
///     .withEvaluation(StudyConfig.Evaluation.paper().withMaxNewTokens(128));
/// ```
///
/// @param sampling how prompts are drawn
/// @param seed root of every random stream
/// @param sizes prompts drawn for extraction and selection
/// @param rules which candidates may be chosen
/// @param grid whether candidates already ruled out are scored all the same
/// @param refusalTokens ids that open a refusal; empty to find them
/// @param prompting how instructions are put to the model
/// @param evaluation how completions are made and judged
/// @param sensitivity settings under which the direction is tried again
/// @param procedure where the released code's procedure and Demur's own part
/// @param extent how much is measured beside the evaluation
public record StudyConfig(
    SamplingMode sampling,
    long seed,
    SampleSizes sizes,
    SelectionRules rules,
    Grid grid,
    List<Integer> refusalTokens,
    Prompting prompting,
    Evaluation evaluation,
    SensitivityGrid sensitivity,
    Procedure procedure,
    Extent extent) {

  /// Whose procedure is followed where the two part.
  public enum Procedure {
    /// A model that hardly shows the behaviour gets no direction.
    USUAL,
    /// The released code's: whatever the model does, the best candidate that passes is chosen.
    PAPER
  }

  /// How much is measured.
  public enum Extent {
    /// The evaluation and what was asked for by name.
    USUAL,
    /// All that the paper and its appendices show that needs no further file.
    FULL
  }

  /// Which candidates get all three scores.
  public enum Grid {
    /// Those no earlier filter has ruled out.
    PRUNED,
    /// The same, and not on every prompt: those that a part of the prompts shows to be beaten are
    /// left there (successive halving).
    HALVED,
    /// All but pure noise.
    FULL
  }

  /// What is kept of completions.
  public enum Keep {
    /// Labels, lengths and a SHA-256.
    LABELS,
    /// The text as well.
    TEXT
  }

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
      return new Evaluation(
          value, harmlessPrompts, maxNewTokens, batchSize, randomDirections, coefficient, keep);
    }

    /// This evaluation with another `harmlessPrompts`.
    public Evaluation withHarmlessPrompts(int value) {
      return new Evaluation(
          harmfulPrompts, value, maxNewTokens, batchSize, randomDirections, coefficient, keep);
    }

    /// This evaluation with another `maxNewTokens`.
    public Evaluation withMaxNewTokens(int value) {
      return new Evaluation(
          harmfulPrompts, harmlessPrompts, value, batchSize, randomDirections, coefficient, keep);
    }

    /// This evaluation with another `batchSize`.
    public Evaluation withBatchSize(int value) {
      return new Evaluation(
          harmfulPrompts,
          harmlessPrompts,
          maxNewTokens,
          value,
          randomDirections,
          coefficient,
          keep);
    }

    /// This evaluation with another `randomDirections`.
    public Evaluation withRandomDirections(int value) {
      return new Evaluation(
          harmfulPrompts, harmlessPrompts, maxNewTokens, batchSize, value, coefficient, keep);
    }

    /// This evaluation with another `coefficient`.
    public Evaluation withCoefficient(double value) {
      return new Evaluation(
          harmfulPrompts, harmlessPrompts, maxNewTokens, batchSize, randomDirections, value, keep);
    }

    /// This evaluation with another `keep`.
    public Evaluation withKeep(Keep value) {
      return new Evaluation(
          harmfulPrompts,
          harmlessPrompts,
          maxNewTokens,
          batchSize,
          randomDirections,
          coefficient,
          value);
    }
  }

  public StudyConfig {
    refusalTokens = List.copyOf(refusalTokens);
  }

  /// The paper's numbers.
  public static StudyConfig paper() {
    return new StudyConfig(
        SamplingMode.SEEDED,
        42,
        SampleSizes.paper(),
        SelectionRules.paper(),
        Grid.PRUNED,
        List.of(),
        Prompting.usual(),
        Evaluation.paper(),
        SensitivityGrid.none(),
        Procedure.USUAL,
        Extent.USUAL);
  }

  /// The paper's numbers by the released code's procedure, where Demur usually does something else:
  /// CPython's draw, every candidate scored, no gate before the search.
  ///
  /// Source: `andyrdt/refusal_direction` 9d852fa.
  public static StudyConfig asPaper() {
    return paper()
        .withSampling(SamplingMode.PYTHON_RANDOM)
        .withGrid(Grid.FULL)
        .withProcedure(Procedure.PAPER);
  }

  /// A smaller study of the same shape, for a first look.
  public static StudyConfig quick() {
    return paper().withSizes(new SampleSizes(32, 16)).withEvaluation(Evaluation.quick());
  }

  /// This configuration with another `sampling`.
  public StudyConfig withSampling(SamplingMode value) {
    return new StudyConfig(
        value,
        seed,
        sizes,
        rules,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `seed`.
  public StudyConfig withSeed(long value) {
    return new StudyConfig(
        sampling,
        value,
        sizes,
        rules,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `sizes`.
  public StudyConfig withSizes(SampleSizes value) {
    return new StudyConfig(
        sampling,
        seed,
        value,
        rules,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `rules`.
  public StudyConfig withRules(SelectionRules value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        value,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `grid`.
  public StudyConfig withGrid(Grid value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        value,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `refusalTokens`.
  public StudyConfig withRefusalTokens(List<Integer> value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        grid,
        value,
        prompting,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `prompting`.
  public StudyConfig withPrompting(Prompting value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        grid,
        refusalTokens,
        value,
        evaluation,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `evaluation`.
  public StudyConfig withEvaluation(Evaluation value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        grid,
        refusalTokens,
        prompting,
        value,
        sensitivity,
        procedure,
        extent);
  }

  /// This configuration with another `sensitivity`.
  public StudyConfig withSensitivity(SensitivityGrid value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        value,
        procedure,
        extent);
  }

  /// This configuration with another `procedure`.
  public StudyConfig withProcedure(Procedure value) {
    return new StudyConfig(
        sampling,
        seed,
        sizes,
        rules,
        grid,
        refusalTokens,
        prompting,
        evaluation,
        sensitivity,
        value,
        extent);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be >= " + least + ", was " + value);
    }
  }
}
