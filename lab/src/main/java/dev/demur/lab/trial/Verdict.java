package dev.demur.lab.trial;

/// What a row is, in words.
///
/// @param kind what it amounts to
/// @param words for people
public record Verdict(Kind kind, String words) {

  /// What a row amounts to.
  public enum Kind {
    /// It is what others are compared with, or a control.
    NONE,
    /// Nothing was shown.
    NO_DIFFERENCE,
    /// Fewer false refusals, and true ones within the margin.
    REPAIR,
    /// Fewer false refusals, and true ones not shown to be within the margin.
    UNSAFE_REPAIR,
    /// Fewer true refusals.
    REMOVAL,
    /// More true refusals, and false ones within the margin.
    DEFENCE,
    /// More true refusals, and more false ones, or that is not excluded.
    COSTLY_DEFENCE
  }

  /// Whether it claims to refuse more of what should be refused.
  boolean isDefence() {
    return kind == Kind.DEFENCE || kind == Kind.COSTLY_DEFENCE;
  }

  Verdict and(String more) {
    return new Verdict(kind, words + "; " + more);
  }
}
