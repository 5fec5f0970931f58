package dev.demur.lab.study;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.Separation;
import dev.demur.lab.run.StageTiming;
import java.util.List;
import java.util.Optional;

/// Everything a study found: what reports are made of.
///
/// @param model facts about the model
/// @param config what was asked for
/// @param data facts about the prompts
/// @param finding the outcome
/// @param screen what the unedited model does
/// @param selection every candidate and the choice; absent when the behaviour is
/// @param massive coordinates with massive activations; absent where nothing was extracted
/// @param uncertainty how sure direction and choice are; absent when there is none
/// @param separations how far the training prompts lie apart at each place; empty where nothing was
///   extracted
/// @param doses the direction's interventions at parts of their strength; empty when there is none
/// @param evaluation rates of every variant
/// @param coherence what ablation and addition cost on text; empty when there is no direction
/// @param sensitivity refusal rates under the settings of the grid; empty where none was asked for
/// @param supplement what the paper's appendices show beside that
/// @param timings seconds and tokens of each stage
public record StudyResult(
    ModelFacts model,
    StudyConfig config,
    DataFacts data,
    Finding finding,
    ScreenResult screen,
    Optional<Selection> selection,
    Optional<MassiveCoordinates> massive,
    Optional<DirectionUncertainty> uncertainty,
    List<Separation> separations,
    List<DosePoint> doses,
    EvaluationResult evaluation,
    List<Coherence> coherence,
    List<GridCell> sensitivity,
    Supplement supplement,
    List<StageTiming> timings) {

  public StudyResult {
    separations = List.copyOf(separations);
    doses = List.copyOf(doses);
    coherence = List.copyOf(coherence);
    sensitivity = List.copyOf(sensitivity);
    timings = List.copyOf(timings);
  }

  /// Facts about a model.
  ///
  /// @param name for people
  /// @param family `model_type`
  /// @param dtype type its matrices were held in
  /// @param layers number of blocks
  /// @param dModel width of the stream
  /// @param parameters elements of all tensors
  /// @param weightsSha256 of the weight files
  /// @param templateSha256 of the chat template's source
  /// @param eoiTokens the end-of-instruction tokens in order, as text; the last is position −1
  /// @param refusalTokens text of the refusal tokens
  public record ModelFacts(
      String name,
      String family,
      String dtype,
      int layers,
      int dModel,
      long parameters,
      String weightsSha256,
      String templateSha256,
      List<String> eoiTokens,
      List<String> refusalTokens) {}

  /// Facts about the prompts.
  ///
  /// @param sets every set used
  /// @param overlaps pairs of a drawn prompt and an evaluation prompt that are the same or nearly
  public record DataFacts(List<SetFacts> sets, List<OverlapFacts> overlaps) {}

  /// One prompt set and what was taken of it.
  ///
  /// @param role what it was used for
  /// @param size prompts in the set
  /// @param indices which were drawn, in order
  public record SetFacts(Role role, String name, String sha256, int size, List<Integer> indices) {}

  /// How much a drawn set and an evaluation set share.
  ///
  /// @param left the drawn set
  /// @param right name of the evaluation set
  /// @param exact prompts that are equal after normalisation
  /// @param near prompts that nearly are
  public record OverlapFacts(Role left, String right, int exact, int near) {}
}
