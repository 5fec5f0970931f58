package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;

/// A variant with what it does to the model.
///
/// @param variant its name
/// @param policy what is done
public record Treatment(Variant variant, Policy policy) {

  /// The unedited model.
  public static Treatment unedited() {
    return new Treatment(Variant.UNEDITED, Policy.none());
  }

  /// The model with a direction removed.
  public static Treatment ablation(Variant variant, Direction direction) {
    return new Treatment(variant, Policy.ablation(direction));
  }

  /// The model with `coefficient` times a direction added.
  public static Treatment addition(Variant variant, Direction direction, double coefficient) {
    return new Treatment(variant, Policy.addition(direction, coefficient));
  }

  /// The model under a policy.
  public static Treatment policy(Policy policy) {
    return new Treatment(Variant.POLICY, policy);
  }

  /// What tells it from any other, its direction's numbers included: stored results are found by
  /// it.
  public String identity() {
    return variant + " " + policy.identity();
  }
}
