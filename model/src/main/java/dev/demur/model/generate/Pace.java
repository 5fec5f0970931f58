package dev.demur.model.generate;

/// When a batch reads new prompts, and how much of them.
///
/// @param pieceTokens tokens of prompts read between two tokens of those being written; a prompt
///   with more is read in pieces
/// @param admission when prompts are read
/// @param sharing what prompts may take over from one another
record Pace(int pieceTokens, Admission admission, Sharing sharing) {

  /// When new prompts are read.
  enum Admission {
    /// As soon as there is a slot, a piece between two tokens: nobody waits long.
    AT_ONCE,
    /// When a good part of the slots is free, all of them before anybody writes on: the fewest
    /// passes.
    TOGETHER
  }

  /// What prompts may take over.
  enum Sharing {
    /// The beginning that was given.
    GIVEN,
    /// Whatever the batch holds.
    ALL
  }

  /// The fewest passes for a list of prompts that is known from the start.
  static Pace ofList() {
    return new Pace(Integer.MAX_VALUE, Admission.TOGETHER, Sharing.GIVEN);
  }

  /// Little waiting for requests that come and go.
  static Pace ofRequests(int pieceTokens) {
    return new Pace(pieceTokens, Admission.AT_ONCE, Sharing.ALL);
  }
}
