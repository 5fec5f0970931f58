package dev.demur.model.generate;

import java.util.List;

/// Hears what becomes of one request.
///
/// First [#prompt], if asked for; then each token; at last either [#ended] or [#failed], once.
/// After [Ticket#cancel] nothing more is heard, but for a call that is under way.
///
/// An [Engine] calls from its own thread, which writes for everybody: a listener must hand over and
/// return, never wait for a network or a lock. Tensors made in a call do not outlive it. A listener
/// that throws loses its request, and no other.
public interface Listener {

  /// The prompt has been read.
  ///
  /// @param tokens likelihoods of the prompt's tokens from the second on
  default void prompt(List<Likelihood> tokens) {}

  /// A token has been written. A stop token is not shown.
  void token(Written token);

  /// The completion is whole.
  void ended(Completion.End end);

  /// The request came to nothing: its plan threw, a number overflowed, the engine was closed.
  void failed(RuntimeException reason);
}
