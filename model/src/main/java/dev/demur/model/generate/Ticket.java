package dev.demur.model.generate;

/// A request that was accepted.
public interface Ticket {

  /// Gives it up: out of the queue at once, out of the batch before the next token. Does nothing
  /// once it has ended. Any thread may call.
  void cancel();
}
