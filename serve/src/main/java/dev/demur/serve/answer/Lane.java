package dev.demur.serve.answer;

/// One of the answers to one prompt.
///
/// @param answer its number, from 0
/// @param side what wrote it
public record Lane(int answer, Side side) {

  /// Which model.
  public enum Side {
    /// The model as the request's policy has it.
    TREATED,
    /// The unedited model, written beside it for comparison.
    UNEDITED
  }
}
