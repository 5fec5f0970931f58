package dev.demur.lab.think;

import dev.demur.lab.policy.Policy;

/// One cell: where the thought comes from and what is done to the answer behind it.
///
/// @param source of the thought
/// @param answer whether the answer is steered
/// @param role whether the policy is the one that is tried
/// @param thought what is done while the thought is written
/// @param after what is done to what is written behind it
public record GridCell(
    ThoughtSource source, Answer answer, Role role, Policy thought, Policy after) {

  /// Whether the answer is steered.
  public enum Answer {
    UNSTEERED("off"),
    STEERED("on");

    private final String text;

    Answer(String text) {
      this.text = text;
    }

    /// The word in tables.
    public String text() {
      return text;
    }
  }

  /// What the cell is for.
  public enum Role {
    /// The policy that is tried, or none.
    TRIED,
    /// The same policy along random directions.
    CONTROL
  }

  /// The name in tables, such as `own thought, steered answer`.
  public String name() {
    String words =
        switch (source) {
          case OWN -> "own thought";
          case NONE -> "no thought";
          case STEERED -> "steered thought";
          case FILLER -> "filler thought";
          case FOREIGN -> "foreign thought";
        };
    String steered = answer == Answer.STEERED ? ", steered answer" : "";
    return words + steered + (role == Role.CONTROL ? " (random)" : "");
  }

  /// Whether nothing at all is done, and the thought is the model's own.
  boolean isPlain() {
    return source == ThoughtSource.OWN && thought.isNone() && after.isNone();
  }
}
