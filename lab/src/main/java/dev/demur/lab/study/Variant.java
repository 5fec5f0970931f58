package dev.demur.lab.study;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Intervention;

/// One way of running the model in the evaluation.
///
/// @param name as in reports: `baseline`, `ablation`, `actadd`, `actadd-minus`,
///   `random-ablation-0`, …
/// @param intervention what is done
public record Variant(String name, Intervention intervention) {

  /// The unedited model.
  public static Variant baseline() {
    return new Variant("baseline", new Intervention.None());
  }

  /// What tells it from any other, its direction's numbers included: stored results are found by
  /// it.
  public String identity() {
    return name + " " + Facts.hash(intervention);
  }

  /// The model with a direction removed.
  public static Variant ablation(String name, Direction direction) {
    return new Variant(name, new Intervention.Ablation(direction));
  }

  /// The model with `coefficient` times a direction added.
  public static Variant addition(String name, Direction direction, double coefficient) {
    return new Variant(name, new Intervention.ActivationAddition(direction, coefficient));
  }
}
