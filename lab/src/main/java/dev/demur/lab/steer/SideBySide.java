package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Places;
import dev.demur.lab.policy.Policy;
import dev.demur.model.hook.Copies;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// One kind of intervention along several directions in one pass, each on a copy of the prompts of
/// its own. A row is edited as a [Policy] edits it along the direction of its copy; what sums are
/// rounded to may differ in the last place.
///
/// @param directions one a copy
/// @param copies of the prompts
public record SideBySide(List<Direction> directions, Copies copies) {

  /// @throws IllegalArgumentException if there are not as many copies as directions
  public SideBySide {
    directions = List.copyOf(directions);
    if (directions.size() != copies.count()) {
      throw new IllegalArgumentException(
          directions.size() + " directions, but " + copies.count() + " copies");
    }
  }

  /// As many copies of some prompts as there are directions.
  ///
  /// @param prompts how many
  public static SideBySide of(List<Direction> directions, int prompts) {
    return new SideBySide(directions, new Copies(directions.size(), prompts));
  }

  /// [Policy#ablation] along each copy's direction.
  ///
  /// @param layers of the model
  public HookPlan ablation(int layers) {
    if (copies.count() == 1) {
      return Policy.ablation(directions.getFirst()).plan(layers);
    }
    var units = vectors(Direction::unit);
    var across = units.transpose(0, 1);
    // One small product finds every row's component along every direction; those along the
    // directions of other copies are multiplied with 0.
    var plan = HookPlan.none();
    for (var point : Places.ofAblation(layers)) {
      plan =
          plan.editCopies(
              point,
              copies,
              (x, own) -> x.plus(x.matmul(across).times(ownNegated(own)).matmul(units)));
    }
    return plan;
  }

  /// [Policy#addition] of each copy's direction with coefficient 1.
  ///
  /// @throws IllegalArgumentException if the directions were not read from the same hook point
  public HookPlan addition() {
    var source = directions.getFirst().source();
    if (!directions.stream().allMatch(direction -> direction.source().equals(source))) {
      throw new IllegalArgumentException(
          "directions that are added in one pass must come from one hook point; the first is from "
              + source);
    }
    var shifts = vectors(Direction::raw);
    return HookPlan.none()
        .editCopies(source, copies, (x, own) -> x.plus(shifts.rows(Tensor.ofIndices(own))));
  }

  /// `[copy, d_model]`
  private Tensor vectors(Function<Direction, Tensor> vector) {
    return Tensor.stack(directions.stream().map(vector).toList());
  }

  /// −1 where a row meets the direction of its copy, 0 elsewhere, `[tokens, copy]`.
  private Tensor ownNegated(IntStream own) {
    int count = copies.count();
    int[] rows = own.toArray();
    float[] factors = new float[rows.length * count];
    for (int row = 0; row < rows.length; row++) {
      factors[row * count + rows[row]] = -1;
    }
    return Tensor.of(factors, rows.length, count);
  }
}
