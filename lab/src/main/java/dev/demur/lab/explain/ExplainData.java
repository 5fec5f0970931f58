package dev.demur.lab.explain;

import dev.demur.lab.prompts.PromptSet;
import java.util.List;

/// The prompts of an explanation.
///
/// @param harmful prompts that show the behaviour
/// @param harmless prompts that do not
/// @param suffixes texts to append to harmful prompts, each a condition of its own; may be empty
public record ExplainData(PromptSet harmful, PromptSet harmless, List<String> suffixes) {

  public ExplainData {
    suffixes = List.copyOf(suffixes);
    for (String suffix : suffixes) {
      if (suffix.isBlank()) {
        throw new IllegalArgumentException("a suffix must not be blank");
      }
    }
  }
}
