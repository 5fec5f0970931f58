package dev.demur.toy.train;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), and clipping of
/// the gradient's length. Changed by every step.
final class AdamW {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPS = 1e-8;
  private static final double LONGEST_GRADIENT = 1;

  private final List<Tensor> parameters;
  private final double weightDecay;
  private final List<Tensor> firstMoments = new ArrayList<>();
  private final List<Tensor> secondMoments = new ArrayList<>();
  private int steps;

  /// @param parameters what to train; tracked leaves
  /// @param weightDecay of matrices; vectors have none
  AdamW(List<Tensor> parameters, double weightDecay) {
    this.parameters = List.copyOf(parameters);
    this.weightDecay = weightDecay;
    for (Tensor parameter : parameters) {
      long[] shape = parameter.shape().stream().mapToLong(Long::longValue).toArray();
      firstMoments.add(Tensor.zeros(parameter.device(), DType.F32, shape));
      secondMoments.add(Tensor.zeros(parameter.device(), DType.F32, shape));
    }
  }

  /// The running means of the gradients, then those of their squares, in the parameters' order.
  List<Tensor> moments() {
    var all = new ArrayList<>(firstMoments);
    all.addAll(secondMoments);
    return all;
  }

  /// Goes on after `steps` steps; the moments are to be filled in beforehand.
  void resumeAt(int steps) {
    this.steps = steps;
  }

  /// Moves the parameters along their gradients and clears these.
  void step(double learningRate) {
    steps++;
    double firstScale = 1 - Math.pow(BETA1, steps);
    double secondScale = Math.sqrt(1 - Math.pow(BETA2, steps));
    double clip = clip();
    try (var _ = Torch.inference()) {
      for (int i = 0; i < parameters.size(); i++) {
        try (var _ = Scope.open()) {
          var parameter = parameters.get(i);
          var gradient = Gradients.of(parameter);
          firstMoments.get(i).multiplyInPlace(BETA1).addInPlace(gradient, (1 - BETA1) * clip);
          secondMoments
              .get(i)
              .multiplyInPlace(BETA2)
              .addInPlace(gradient.square(), (1 - BETA2) * clip * clip);
          var step =
              firstMoments
                  .get(i)
                  .dividedBy(
                      secondMoments.get(i).sqrt().multiplyInPlace(1 / secondScale).plus(EPS));
          if (parameter.rank() > 1) {
            parameter.multiplyInPlace(1 - learningRate * weightDecay);
          }
          parameter.addInPlace(step, -learningRate / firstScale);
        }
      }
    }
    Gradients.clear(parameters);
  }

  /// What brings a long gradient to the longest length. A card is waited for once, for all
  /// parameters together.
  private double clip() {
    double squares = 0;
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      var lead = parameters.getFirst().device();
      var sums = new ArrayList<Tensor>();
      for (Tensor parameter : parameters) {
        sums.add(Gradients.of(parameter).to(DType.F64).square().sum().on(lead));
      }
      for (double sum : Tensor.stack(sums).toDoubles()) {
        squares += sum;
      }
    }
    double length = Math.sqrt(squares);
    return length > LONGEST_GRADIENT ? LONGEST_GRADIENT / length : 1;
  }
}
