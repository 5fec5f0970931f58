package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.explain.PaperFigures.MainAxis;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The first principal component of two kinds of prompts, layer by layer.
///
/// @param model the model
/// @param direction what it is held against, and at which position
record MainAxes(ChatModel model, Direction direction) {

  /// The axes, layers ascending; layers where all prompts are the same have none.
  List<MainAxis> of(List<Prompt> refused, List<Prompt> harmless) {
    try (var _ = Scope.open()) {
      var up = activations(refused);
      var down = activations(harmless);
      var axes = new ArrayList<MainAxis>();
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        try (var _ = Scope.open()) {
          axis(layer, at(up, layer), at(down, layer), direction.unit().to(DType.F64))
              .ifPresent(axes::add);
        }
      }
      return axes;
    }
  }

  private Tensor activations(List<Prompt> prompts) {
    var tokens = prompts.stream().map(Prompt::tokens).toList();
    return PromptActivations.of(model.forward(), tokens, -direction.position(), HookPlan.none())
        .values();
  }

  /// `[prompt, d_model]` at the direction's position, which is the first of those read.
  private static Tensor at(Tensor values, int layer) {
    return values.transpose(0, 1).row(0).transpose(0, 1).row(layer).to(DType.F64);
  }

  /// The axis of one layer.
  ///
  /// @param up refused prompts, `[prompt, d_model]`, float64
  /// @param down harmless prompts, the same
  /// @param unit r̂, `[d_model]`, float64
  static Optional<MainAxis> axis(int layer, Tensor up, Tensor down, Tensor unit) {
    var both = Tensor.cat(List.of(up, down), 0);
    var centred = both.minus(both.mean(0));
    double all = centred.square().sum().item();
    if (all == 0) {
      return Optional.empty();
    }
    var eigen = Eigen.ofSymmetric(centred.matmul(centred.transpose(0, 1)));
    double largest = eigen.values().max();
    // centredᵀ v has length √λ; its product with a vector is that of v with the projections.
    var scores = eigen.vectors().row(both.dim(0) - 1);
    var axis = scores.unsqueeze(0).matmul(centred).reshape(-1).times(1 / Math.sqrt(largest));
    var difference = up.mean(0).minus(down.mean(0));
    double along = difference.dotRows(axis).item();
    double[] values = scores.times(along < 0 ? -1 : 1).toDoubles();
    int refused = Math.toIntExact(up.dim(0));
    var auroc =
        Auroc.of(
            list(Arrays.copyOfRange(values, 0, refused)),
            list(Arrays.copyOfRange(values, refused, values.length)));
    return Optional.of(
        new MainAxis(
            layer,
            largest / all,
            Math.abs(unit.dotRows(axis).item()),
            difference.norm() == 0 ? 0 : Math.abs(along) / difference.norm(),
            auroc,
            auroc.newcombe(Interval.USUAL_LEVEL)));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
