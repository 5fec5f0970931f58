package dev.demur.lab.steer;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ablation in the forward pass against ablation in the weights, on every family's tiny
/// checkpoints, tied and untied.
@Scoped
class FamilyWeightEditTest {

  /// Rounding of a component that is exactly 0, against values of size about 1 to 10.
  private static final double ZERO = 2e-5;

  @EveryCheckpoint
  void hookAblationIsWeightOrthogonalisation(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var model = Family.load(files, DType.F32);
      var at = new HookPoint(1, Site.RESID_PRE);
      var direction = Direction.fromMeanDiff(Checkpoints.tensor(golden, "direction_raw"), at, -1);
      var edited = model.withWriters(new WeightEdit.Orthogonalize(direction));
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var hooks = Checkpoints.tensor(golden, "prompt.0.ablated.logits");
      var weights = new Forward(edited, 64).logits(ids, HookPlan.none());
      assertStreamIsFreeOf(direction, edited, ids);
      if (!Checkpoints.POST_NORMS.contains(model.config().family())) {
        assertClose(weights, hooks, FLOAT32);
      }
      var plain = Checkpoints.tensor(golden, "prompt.0.logits");
      assertThat(weights.minus(plain).abs().max())
          .as("the edit does something")
          .isGreaterThan(1e-2 * plain.abs().max());
    }
  }

  private static void assertStreamIsFreeOf(Direction direction, Transformer model, TokenIds ids) {
    var plan = HookPlan.none();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      for (var site : List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT, Site.RESID_POST)) {
        var at = new HookPoint(layer, site);
        plan =
            plan.probe(
                at,
                (x, _) ->
                    assertThat(x.dotRows(direction.unit()).abs().max())
                        .as(at.toString())
                        .isLessThan(ZERO * Math.max(1, x.abs().max())));
      }
    }
    new Forward(model, 64).run(List.of(ids), plan);
  }
}
