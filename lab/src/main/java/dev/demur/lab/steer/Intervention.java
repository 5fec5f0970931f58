package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.hook.Steering;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// What to do to the residual stream. A plain value: interventions with the same numbers are equal,
/// print what they do, and are written to a file and read back.
///
/// ```java
/// var ablation = new Intervention.Ablation(direction);
/// System.out.println(model.with(ablation).chat("How do I sneak into the cinema?").text());
/// ablation.write(Path.of("ablation.safetensors"));
/// assert ablation.equals(Intervention.read(Path.of("ablation.safetensors")));
/// ```
public sealed interface Intervention extends Steering {

  /// Sites ablation edits in every block: all that enters or adds to the stream.
  List<Site> ABLATED_SITES = List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT);

  /// Nothing.
  record None() implements Intervention {
    @Override
    public String toString() {
      return "nothing";
    }
  }

  /// Removes the component along the direction, x − (x·r̂) r̂, at every layer and every token.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), "directional ablation".
  record Ablation(Direction direction) implements Intervention {
    @Override
    public String toString() {
      return "ablate the " + direction;
    }
  }

  /// Adds `coefficient` times the raw direction, x + c r, to the stream entering the one layer it
  /// was read from, at every token.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), "activation addition".
  record ActivationAddition(Direction direction, double coefficient) implements Intervention {
    public ActivationAddition {
      if (!Double.isFinite(coefficient)) {
        throw new IllegalArgumentException("coefficient must be finite, was " + coefficient);
      }
    }

    @Override
    public String toString() {
      return "add " + coefficient + " times the " + direction;
    }
  }

  /// Sets the component along the direction to a fixed value, x − (x·r̂) r̂ + t r̂, in the stream
  /// entering the one layer it was read from, at every token.
  record ProjectionClamp(Direction direction, double target) implements Intervention {
    public ProjectionClamp {
      if (!Double.isFinite(target)) {
        throw new IllegalArgumentException("target must be finite, was " + target);
      }
    }

    @Override
    public String toString() {
      return "hold at " + target + " the " + direction;
    }
  }

  /// Writes the intervention to one safetensors file, whole or not at all.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  default void write(Path file) throws IOException {
    InterventionFile.write(file, this);
  }

  /// Reads what [#write] wrote. Its direction belongs to the caller's innermost scope.
  ///
  /// @throws ModelFormatException if the file is not an intervention, or not a sound one
  static Intervention read(Path file) throws IOException {
    return InterventionFile.read(file);
  }

  /// The edits of a forward pass over `layers` layers.
  @Override
  default HookPlan plan(int layers) {
    return switch (this) {
      case None() -> HookPlan.none();
      case Ablation(var direction) -> {
        var unit = direction.unit();
        yield everywhere(layers, x -> without(x, unit));
      }
      case ActivationAddition(var direction, var coefficient) -> {
        var shift = direction.raw().times(coefficient);
        yield coefficient == 0
            ? HookPlan.none()
            : HookPlan.none().edit(direction.source(), x -> x.plus(shift));
      }
      case ProjectionClamp(var direction, var target) -> {
        var unit = direction.unit();
        var shift = unit.times(target);
        yield HookPlan.none().edit(direction.source(), x -> without(x, unit).plus(shift));
      }
    };
  }

  /// One edit at every place ablation edits.
  static HookPlan everywhere(int layers, UnaryOperator<Tensor> edit) {
    var plan = HookPlan.none();
    for (var point : ablated(layers)) {
      plan = plan.edit(point, edit);
    }
    return plan;
  }

  /// The places ablation edits, in the order of the forward pass.
  static List<HookPoint> ablated(int layers) {
    return IntStream.range(0, layers)
        .boxed()
        .flatMap(layer -> ABLATED_SITES.stream().map(site -> new HookPoint(layer, site)))
        .toList();
  }

  /// `x − (x·r̂) r̂` as a rank-1 update.
  private static Tensor without(Tensor x, Tensor unit) {
    return x.plusOuter(x.dotRows(unit).times(-1), unit);
  }
}
