package dev.demur.toy.train;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Leaves out a random share of what the embedding and every block write to the stream, and scales
/// the rest up (Srivastava et al. 2014). It keeps any one component from mattering too much.
///
/// @param share left out, in [0, 1)
/// @param random decides; changed by every pass
record Dropout(double share, RandomGenerator random) {

  private static final int DRAWS_PER_LONG = 4;
  private static final int DRAW_BITS = 16;

  /// The edits of one training pass.
  HookPlan plan(int layers) {
    if (share == 0) {
      return HookPlan.none();
    }
    UnaryOperator<Tensor> edit = x -> x.times(mask(x));
    var plan = HookPlan.none().edit(new HookPoint(0, Site.RESID_PRE), edit);
    for (int layer = 0; layer < layers; layer++) {
      plan =
          plan.edit(new HookPoint(layer, Site.ATTN_OUT), edit)
              .edit(new HookPoint(layer, Site.MLP_OUT), edit);
    }
    return plan;
  }

  private Tensor mask(Tensor x) {
    float[] mask = new float[Math.toIntExact(x.elements())];
    float kept = (float) (1 / (1 - share));
    long threshold = Math.round(share * (1 << DRAW_BITS));
    for (int i = 0; i < mask.length; i += DRAWS_PER_LONG) {
      long bits = random.nextLong();
      for (int j = i; j < Math.min(i + DRAWS_PER_LONG, mask.length); j++) {
        mask[j] = (bits & ((1 << DRAW_BITS) - 1)) < threshold ? 0 : kept;
        bits >>>= DRAW_BITS;
      }
    }
    return Tensor.of(mask, x.shape().stream().mapToLong(Long::longValue).toArray());
  }
}
