package dev.demur.lab.steer;

import dev.demur.lab.Sha256;
import dev.demur.lab.direction.Direction;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/// A variant with what it does to the model.
///
/// @param variant its name
/// @param intervention what is done
public record Treatment(Variant variant, Intervention intervention) {

  /// The unedited model.
  public static Treatment unedited() {
    return new Treatment(Variant.UNEDITED, new Intervention.None());
  }

  /// The model with a direction removed.
  public static Treatment ablation(Variant variant, Direction direction) {
    return new Treatment(variant, new Intervention.Ablation(direction));
  }

  /// The model with `coefficient` times a direction added.
  public static Treatment addition(Variant variant, Direction direction, double coefficient) {
    return new Treatment(variant, new Intervention.ActivationAddition(direction, coefficient));
  }

  /// What tells it from any other, its direction's numbers included: stored results are found by
  /// it.
  public String identity() {
    return variant + " " + identity(intervention);
  }

  private static String identity(Intervention intervention) {
    return switch (intervention) {
      case Intervention.None() -> "none";
      case Intervention.Ablation(var d) -> "ablation " + hash(d.unit());
      case Intervention.ActivationAddition(var d, var c) ->
          "addition " + hash(d.unit()) + " " + d.norm() + " " + d.source() + " " + c;
      case Intervention.ProjectionClamp(var d, var t) ->
          "clamp " + hash(d.unit()) + " " + d.source() + " " + t;
    };
  }

  private static String hash(Tensor tensor) {
    return Sha256.of(tensor.contiguous().segment().toArray(ValueLayout.JAVA_BYTE));
  }
}
