package dev.demur.model.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// One sequence's way of choosing. Changed by every token.
final class Chooser {

  private final Sampler chosen;
  private final List<Sampler.Adjusted> adjustments;
  private final SplittableRandom random;
  private final Map<Integer, Integer> counts = new HashMap<>();

  private Chooser(Sampler chosen, List<Sampler.Adjusted> adjustments, long seed) {
    this.chosen = chosen;
    this.adjustments = adjustments;
    this.random = new SplittableRandom(seed);
  }

  static Chooser of(Sampler sampler) {
    var adjustments = new ArrayList<Sampler.Adjusted>();
    var rest = sampler;
    while (rest instanceof Sampler.Adjusted adjusted) {
      adjustments.add(adjusted);
      rest = adjusted.chosen();
    }
    return new Chooser(rest, adjustments, rest instanceof Sampler.Nucleus(_, _, long s) ? s : 0);
  }

  /// Whether the largest of the model's own logits is all that matters.
  boolean isPlain() {
    return temperature().isEmpty() && adjustments.isEmpty();
  }

  /// What logits are divided by before a token is drawn; empty when none is drawn.
  OptionalDouble temperature() {
    return chosen instanceof Sampler.Nucleus(double temperature, _, _)
        ? OptionalDouble.of(temperature)
        : OptionalDouble.empty();
  }

  /// Applies biases and penalties.
  ///
  /// @param logits one row, float32; changed
  void adjust(MemorySegment logits) {
    for (var adjustment : adjustments) {
      adjustment.bias().forEach((id, bias) -> add(logits, id, bias));
      counts.forEach(
          (id, count) -> add(logits, id, -adjustment.presence() - count * adjustment.frequency()));
    }
  }

  private static void add(MemorySegment logits, int id, double value) {
    float before = logits.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, id);
    logits.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, id, (float) (before + value));
  }

  /// Draws a token.
  ///
  /// @param p probability of each token
  int draw(float[] p) {
    double topP = chosen instanceof Sampler.Nucleus(_, double most, _) ? most : 1;
    return new Likeliest(p).draw(topP, random);
  }

  /// Counts a token that was written.
  void wrote(int id) {
    if (!adjustments.isEmpty()) {
      counts.merge(id, 1, Integer::sum);
    }
  }
}
