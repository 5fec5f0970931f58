package dev.demur.lab.explain;

import dev.demur.lab.stats.Estimate;
import dev.demur.lab.steer.Variant;
import java.util.List;

/// A chat model's direction in the base model it was made of.
///
/// @param base name of the base model
/// @param reading how both were given the prompts
/// @param points cosine of both streams with r̂ at the last token
/// @param effects what the direction does to its refusal score
public record BaseResult(
    String base, BaseReading reading, List<Point> points, List<Effect> effects) {

  public BaseResult {
    points = List.copyOf(points);
    effects = List.copyOf(effects);
  }

  /// One layer under one condition, in both models.
  ///
  /// @param layer whose resid_pre; the number of layers is the final stream
  public record Point(String condition, int layer, Estimate chat, Estimate base) {}

  /// One intervention on the base model.
  ///
  /// @param variant `ablation`, on the harmful prompts, or `actadd`, on the harmless ones
  /// @param before refusal score as it is, nats
  /// @param change by the intervention, prompt by prompt
  public record Effect(Variant variant, Estimate before, Estimate change) {}
}
