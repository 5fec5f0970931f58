package dev.demur.lab.activations;

import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.stream.Stream;

/// A prompt as it was given and as the model reads it.
///
/// @param prompt the instruction and its label
/// @param tokens its ids, template included
public record TokenizedPrompt(LabelledPrompt prompt, TokenIds tokens) {

  /// Its ids at positions counted from the end.
  Stream<Integer> at(List<Integer> positions) {
    return positions.stream().map(tokens::fromEnd);
  }
}
