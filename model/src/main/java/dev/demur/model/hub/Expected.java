package dev.demur.model.hub;

/// What a transfer must deliver.
public sealed interface Expected {

  /// This content and nothing else.
  record Exactly(Blob blob) implements Expected {}

  /// Anything up to a size; the caller judges what came.
  ///
  /// @param bytes the most that is taken
  record AtMost(long bytes) implements Expected {}
}
