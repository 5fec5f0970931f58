package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.prompts.Sample;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The drawn sets as they were read, with those of their prompts that passed the screen.
///
/// @param drawn the prompts
/// @param readings by what a set was drawn for
/// @param result what the screen says
record Screened(DrawnPrompts drawn, Map<Role, Reading> readings, ScreenResult result) {

  /// The prompts of a set that stay.
  Sample sample(Role role) {
    return drawn.sample(role).keep(kept(role));
  }

  /// Their mean stream, float64 `[pos, layer, d_model]`.
  Tensor mean(Role role) {
    return reading(role).mean(kept(role));
  }

  /// Their stream at one place, float64 `[n, d_model]`.
  Tensor at(Role role, Candidate place) {
    return reading(role).at(place, kept(role));
  }

  /// Their logits, `[n, d_vocab]`.
  Tensor logits(Role role) {
    return reading(role).logits(kept(role));
  }

  private List<Integer> kept(Role role) {
    return result.set(role).kept();
  }

  private Reading reading(Role role) {
    return Optional.ofNullable(readings.get(role)).orElseThrow();
  }
}
