package dev.demur.lab.study;

import dev.demur.lab.prompts.PromptPools;
import dev.demur.lab.prompts.PromptSet;
import java.util.List;

/// The prompts a study works with.
///
/// @param pools what extraction and selection draw from
/// @param harmfulSets sets that show the behaviour, for evaluation
/// @param harmlessSet prompts that do not, for evaluation; drawn from when it is too large
public record StudyData(PromptPools pools, List<PromptSet> harmfulSets, PromptSet harmlessSet) {

  public StudyData {
    harmfulSets = List.copyOf(harmfulSets);
    if (harmfulSets.isEmpty()) {
      throw new IllegalArgumentException("a study needs at least one harmful set to evaluate on");
    }
  }
}
