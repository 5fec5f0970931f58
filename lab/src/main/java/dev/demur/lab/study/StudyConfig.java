package dev.demur.lab.study;

import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.prompts.SampleSizes;
import dev.demur.lab.prompts.SamplingMode;
import java.util.List;
import java.util.function.Consumer;

/// Everything that decides what a study computes. Two studies with equal configurations, models and
/// data give equal numbers.
///
/// ```java
/// var config = StudyConfig.paper().withSeed(7)
///     .withEvaluation(Evaluation.paper().withMaxNewTokens(128));
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
    return with(draft -> draft.sampling = value);
  }

  /// This configuration with another `seed`.
  public StudyConfig withSeed(long value) {
    return with(draft -> draft.seed = value);
  }

  /// This configuration with another `sizes`.
  public StudyConfig withSizes(SampleSizes value) {
    return with(draft -> draft.sizes = value);
  }

  /// This configuration with another `rules`.
  public StudyConfig withRules(SelectionRules value) {
    return with(draft -> draft.rules = value);
  }

  /// This configuration with another `grid`.
  public StudyConfig withGrid(Grid value) {
    return with(draft -> draft.grid = value);
  }

  /// This configuration with another `refusalTokens`.
  public StudyConfig withRefusalTokens(List<Integer> value) {
    return with(draft -> draft.refusalTokens = value);
  }

  /// This configuration with another `prompting`.
  public StudyConfig withPrompting(Prompting value) {
    return with(draft -> draft.prompting = value);
  }

  /// This configuration with another `evaluation`.
  public StudyConfig withEvaluation(Evaluation value) {
    return with(draft -> draft.evaluation = value);
  }

  /// This configuration with another `sensitivity`.
  public StudyConfig withSensitivity(SensitivityGrid value) {
    return with(draft -> draft.sensitivity = value);
  }

  /// This configuration with another `procedure`.
  public StudyConfig withProcedure(Procedure value) {
    return with(draft -> draft.procedure = value);
  }

  private StudyConfig with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /// A configuration while one of its values is replaced.
  private static final class Draft {

    private SamplingMode sampling;
    private long seed;
    private SampleSizes sizes;
    private SelectionRules rules;
    private Grid grid;
    private List<Integer> refusalTokens;
    private Prompting prompting;
    private Evaluation evaluation;
    private SensitivityGrid sensitivity;
    private Procedure procedure;
    private final Extent extent;

    Draft(StudyConfig from) {
      sampling = from.sampling;
      seed = from.seed;
      sizes = from.sizes;
      rules = from.rules;
      grid = from.grid;
      refusalTokens = from.refusalTokens;
      prompting = from.prompting;
      evaluation = from.evaluation;
      sensitivity = from.sensitivity;
      procedure = from.procedure;
      extent = from.extent;
    }

    StudyConfig finished() {
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
          procedure,
          extent);
    }
  }
}
