package dev.demur.serve.answer;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.Prompt;

/// Watches the passes that serve prompts, and decides what becomes of the answers.
public interface Watcher {

  /// Somebody who sees one pass over a prompt.
  Look look(Prompt prompt);

  /// What becomes of an answer. Called on the thread that serves the client, before its first token
  /// is told.
  ///
  /// @param lane the answer
  /// @param prompt that was seen
  Reaction react(Seen seen, Lane lane, Prompt prompt);

  /// Sees one pass.
  interface Look {

    /// What to put behind the edits of the sequence's plan.
    HookPlan probes();

    /// What was seen, once the prompt has been read.
    Seen seen();
  }

  /// What becomes of an answer.
  sealed interface Reaction {

    /// It is written as if nothing had been seen.
    record GoOn() implements Reaction {}

    /// It is not written.
    ///
    /// @param text what is said instead
    record Refuse(String text) implements Reaction {}

    /// It is written under other edits.
    record Under(Edits edits) implements Reaction {}
  }
}
