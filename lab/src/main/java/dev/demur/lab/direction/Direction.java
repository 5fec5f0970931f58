package dev.demur.lab.direction;

import static java.util.Objects.requireNonNull;

import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// One direction in the residual stream, with where it came from.
///
/// Ablation uses [#unit]; activation addition uses [#raw], the un-normalised difference of means,
/// so that coefficient 1 means "as far apart as the two prompt sets are".
///
/// Directions are equal when all their numbers are, bit for bit, and the places they come from.
///
/// @param unit `[d_model]`, float32, Euclidean length 1 to within 1e-4
/// @param norm length of the raw difference of means, in stream units
/// @param source hook point it was read from
/// @param position token position it was read at, counted from the end; −1 is the last token
public record Direction(Tensor unit, double norm, HookPoint source, int position) {

  private static final double UNIT_TOLERANCE = 1e-4;

  /// Added to the length before dividing, as the released code does, so that candidates of pure
  /// rounding noise (layer 0 at template tokens, length about 1e-14) stay negligible.
  private static final double NORM_EPSILON = 1e-8;

  public Direction {
    requireNonNull(unit, "unit");
    requireNonNull(source, "source");
    if (unit.rank() != 1) {
      throw new IllegalArgumentException("unit must be [d_model], was " + unit);
    }
    if (!(Math.abs(unit.norm() - 1) <= UNIT_TOLERANCE)) { // also rejects NaN
      throw new IllegalArgumentException("unit must have length 1, has " + unit.norm());
    }
    if (!(norm > 0)) { // also rejects NaN
      throw new IllegalArgumentException("norm must be positive, was " + norm);
    }
    if (position >= 0) {
      throw new IllegalArgumentException("position counts from the end (< 0), was " + position);
    }
  }

  /// The direction of a raw difference of means.
  ///
  /// @param meanDiff `[d_model]`, any floating type
  /// @throws IllegalArgumentException if its length is no more than rounding noise
  public static Direction fromMeanDiff(Tensor meanDiff, HookPoint source, int position) {
    double norm = meanDiff.norm();
    if (!(norm > NORM_EPSILON / UNIT_TOLERANCE)) {
      throw new IllegalArgumentException(
          "the difference of means at "
              + source
              + ", position "
              + position
              + ", has length "
              + norm
              + ": no more than rounding noise");
    }
    var unit = meanDiff.to(DType.F64).times(1 / (norm + NORM_EPSILON)).to(DType.F32);
    return new Direction(unit, norm, source, position);
  }

  /// The direction along which two sets of prompts differ at one place of a model: the difference
  /// of the means of their activations, accumulated in float64. A study does the same at every
  /// place, and chooses.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), section 2.3, "difference-in-means".
  ///
  /// @param harmful instructions that show the behaviour, or any target
  /// @param harmless instructions that do not, or any contrast
  /// @param position token to read at, counted from the end; −1 is the last token
  /// @throws IllegalArgumentException if the model has no such place, a prompt no such position, or
  ///   the sets do not differ there
  public static Direction between(
      ChatModel model,
      List<String> harmful,
      List<String> harmless,
      HookPoint source,
      int position) {
    var shift = mean(model, harmful, source, position);
    return fromMeanDiff(shift.minus(mean(model, harmless, source, position)), source, position);
  }

  /// The mean stream of some prompts at one place, `[d_model]`, float64.
  ///
  /// @param position token to read at, counted from the end; −1 is the last token
  public static Tensor mean(
      ChatModel model, List<String> instructions, HookPoint source, int position) {
    var capture =
        Capture.at(source.site())
            .layer(source.layer())
            .positions(position, position)
            .withoutLogits();
    var prompts = instructions.stream().map(model::prompt).toList();
    try (var seen = model.run(prompts, capture, HookPlan.none())) {
      return seen.get(source).to(DType.F64).mean(0).reshape(-1);
    }
  }

  /// This direction without what it shares with a mean: r − (r·μ̂) μ̂, μ̂ the mean at length 1.
  ///
  /// Behind it is that a difference of means may hold a part of what all prompts have in common;
  /// known from published tools, as a digest tells it ("projected abliteration").
  ///
  /// @param mean μ, `[d_model]`, such as that of harmless prompts at the same place
  /// @throws IllegalArgumentException if the mean is 0, or nothing but rounding noise is left
  public Direction without(Tensor mean) {
    var wide = mean.to(DType.F64);
    double length = wide.norm();
    if (!(length > 0)) {
      throw new IllegalArgumentException("a mean of length 0 has no direction to take out");
    }
    var hat = wide.times(1 / length);
    var r = raw().to(DType.F64);
    return fromMeanDiff(r.minus(hat.times(r.dotRows(hat).item())), source, position);
  }

  /// The difference of means itself, `[d_model]`, float32, stream units.
  public Tensor raw() {
    return unit.times(norm);
  }

  /// Width of the stream it lives in.
  public int dModel() {
    return Math.toIntExact(unit.dim(0));
  }

  /// Cosine of the angle between this direction and another: 1 for the same, −1 for the opposite.
  /// Accumulated in float64.
  ///
  /// @throws IllegalArgumentException if the other lives in a stream of another width
  public double cosine(Direction other) {
    if (dModel() != other.dModel()) {
      throw new IllegalArgumentException(
          "directions of different widths have no angle: "
              + dModel()
              + " and "
              + other.dModel()
              + "; compare directions of one model");
    }
    try (var _ = Scope.open()) {
      var mine = unit.to(DType.F64);
      var theirs = other.unit.to(DType.F64);
      return mine.dotRows(theirs).item() / (mine.norm() * theirs.norm());
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Direction(var theirUnit, var theirNorm, var theirSource, var at)
            && norm == theirNorm
            && source.equals(theirSource)
            && position == at
            && Arrays.equals(unit.toFloats(), theirUnit.toFloats()));
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(unit.toFloats()), norm, source, position);
  }

  /// For example `direction of blocks.14.hook_resid_pre at -1, [896], norm 12.34`.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "direction of %s at %d, [%d], norm %.4g", source, position, dModel(), norm);
  }
}
