package dev.demur.lab.prompts;

import java.util.List;

/// The four sets a study draws its prompts from.
///
/// @param harmfulTrain prompts that show the behaviour, for extraction
/// @param harmlessTrain prompts that do not, for extraction
/// @param harmfulVal prompts that show the behaviour, for selection
/// @param harmlessVal prompts that do not, for selection
public record PromptPools(
    PromptSet harmfulTrain, PromptSet harmlessTrain, PromptSet harmfulVal, PromptSet harmlessVal) {

  /// All four, in the order in which they are drawn from.
  public List<PromptSet> all() {
    return List.of(harmfulTrain, harmlessTrain, harmfulVal, harmlessVal);
  }
}
