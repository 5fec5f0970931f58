package dev.demur.lab.prompts;

/// One pair of prompts that two sets share.
///
/// @param left place in the first set
/// @param right place in the second set
/// @param similarity share of words in common, 1 for the same prompt
/// @param kind how alike they are
public record Overlap(int left, int right, double similarity, Kind kind) {

  /// How alike two prompts are.
  public enum Kind {
    /// Equal except for case, punctuation and spacing.
    SAME,
    /// Different words, but most of them shared.
    NEARLY_SAME
  }
}
