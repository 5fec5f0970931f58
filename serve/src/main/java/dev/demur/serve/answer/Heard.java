package dev.demur.serve.answer;

import dev.demur.model.generate.Completion;
import dev.demur.model.generate.Likelihood;
import dev.demur.model.generate.Written;
import java.util.List;

/// What the engine said of one lane.
sealed interface Heard {

  /// Whose answer it is about.
  int lane();

  /// Likelihoods of the prompt's tokens from the second on.
  record Prompt(int lane, List<Likelihood> tokens) implements Heard {}

  /// What was seen of the prompt.
  record Saw(int lane, Seen seen) implements Heard {}

  /// A token.
  ///
  /// @param projections what was read where it was written from
  record Token(int lane, Written written, List<Projection> projections) implements Heard {}

  /// The end.
  record Ended(int lane, Completion.End end) implements Heard {}

  /// It came to nothing.
  record Failed(int lane, RuntimeException reason) implements Heard {}
}
