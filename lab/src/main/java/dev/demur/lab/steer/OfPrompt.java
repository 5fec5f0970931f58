package dev.demur.lab.steer;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Steering;
import dev.demur.model.tensor.Tensor;
import java.util.stream.IntStream;

/// Steering of one prompt of a batch; the others are left alone. So steered and unedited answers
/// come from the same passes.
///
/// @param steering what is done
/// @param prompt which of the batch's prompts, from 0
public record OfPrompt(Steering steering, int prompt) implements Steering {

  public OfPrompt {
    if (prompt < 0) {
      throw new IllegalArgumentException("prompt counts from 0, was " + prompt);
    }
  }

  @Override
  public HookPlan plan(int layers) {
    var inner = steering.plan(layers);
    var plan = HookPlan.none();
    for (var point : inner.points()) {
      plan = plan.editAt(point, Positions.all(), (x, rows) -> edited(inner, point, x, rows));
    }
    return plan;
  }

  private Tensor edited(HookPlan inner, HookPoint point, Tensor activation, Rows rows) {
    int packed = rows.sequences().indexOf(prompt);
    if (packed < 0) {
      return activation;
    }
    var own = Tensor.ofIndices(IntStream.range(rows.offsets().get(packed), rows.end(packed)));
    var before = activation.select(0, own);
    return activation.withSelected(0, own, inner.apply(point, before, rows.only(packed)));
  }
}
