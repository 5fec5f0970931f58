package dev.demur.lab.behaviour;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import java.util.List;
import java.util.Locale;

/// Steering at inference that may bring back refusals an edit took out, with the parent's
/// direction.
public sealed interface Remedy {

  /// Which prompts are steered.
  enum Reach {
    /// All of them.
    EVERY_PROMPT,
    /// Those whose stream looks like that of harmful prompts, in the checkpoint itself.
    GATED
  }

  /// Adds the parent's raw direction.
  record Addition(double coefficient, Reach reach) implements Remedy {}

  /// Sets x·r̂ to the mean it has over harmful prompts in the parent.
  record Clamp(Reach reach) implements Remedy {}

  /// Which prompts are steered.
  Reach reach();

  /// What [Restoring] tries unless told otherwise.
  static List<Remedy> usual() {
    return List.of(
        new Addition(0.25, Reach.EVERY_PROMPT),
        new Addition(0.5, Reach.EVERY_PROMPT),
        new Addition(1, Reach.EVERY_PROMPT),
        new Addition(2, Reach.EVERY_PROMPT),
        new Clamp(Reach.EVERY_PROMPT),
        new Addition(0.5, Reach.GATED),
        new Clamp(Reach.GATED));
  }

  /// As tables print it.
  default String text() {
    String gated = reach() == Reach.GATED ? ", gated" : "";
    return switch (this) {
      case Addition(var coefficient, _) ->
          String.format(Locale.ROOT, "addition × %s", coefficient) + gated;
      case Clamp _ -> "clamp" + gated;
    };
  }

  /// The steering itself.
  ///
  /// @param direction the parent's
  /// @param harmfulMean mean of x·r̂ over harmful prompts in the parent, where the direction was
  ///   read
  default Policy policy(Direction direction, double harmfulMean) {
    return switch (this) {
      case Addition(var coefficient, _) -> Policy.addition(direction, coefficient);
      case Clamp _ -> Policy.clamp(direction, harmfulMean);
    };
  }
}
