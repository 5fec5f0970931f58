package dev.demur.lab.behaviour;

import dev.demur.lab.direction.Direction;
import java.util.List;
import java.util.Optional;

/// An audit's values and the tensor that goes with them.
///
/// @param behaviour what was found
/// @param direction the parent's direction, known or re-derived
/// @param restored what each remedy does, the checkpoint as it is first; empty when none was tried
public record BehaviourRun(
    Behaviour behaviour, Optional<Direction> direction, List<Restored> restored) {

  public BehaviourRun {
    restored = List.copyOf(restored);
  }
}
