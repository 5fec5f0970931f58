package dev.demur.lab.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Scoped
class LinearFitTest {

  private static final int WIDTH = 6;

  private Tensor up;
  private Tensor down;

  @BeforeEach
  void draw() {
    var random = new Random(3);
    up = Tensor.gaussian(random, 40, WIDTH).plus(0.7);
    down = Tensor.gaussian(random, 90, WIDTH).minus(Tensor.zeros(DType.F32, WIDTH).plus(0.2));
  }

  @Test
  void theDifferenceOfMeansPutsZeroMidway() {
    var line = LinearFit.meanDifference(up, down);
    var probe = probe(line);
    double above = probe.of(up.mean(0).toFloats());
    double below = probe.of(down.mean(0).toFloats());
    assertThat(above).isPositive().isCloseTo(-below, within(1e-4 * above));
  }

  @Test
  void noStepFromTheLogisticAnswerMakesItBetter() {
    var line = LinearFit.logistic(up, down);
    double best = objective(line.weight().stream().mapToDouble(d -> d).toArray(), line.bias());
    for (int i = 0; i <= WIDTH; i++) {
      for (double step : new double[] {-1e-2, 1e-2}) {
        double[] weight = line.weight().stream().mapToDouble(d -> d).toArray();
        double bias = line.bias();
        if (i < WIDTH) {
          weight[i] += step;
        } else {
          bias += step;
        }
        assertThat(objective(weight, bias)).isGreaterThan(best);
      }
    }
  }

  /// The objective in the raw features; the penalty is on weights of features of mean square 1.
  private double objective(double[] weight, double bias) {
    var rows = Tensor.cat(java.util.List.of(up, down), 0).to(DType.F64);
    double size = rows.minus(rows.mean(0)).square().mean(0).mean(0).item();
    double penalty = 0;
    for (double w : weight) {
      penalty += 0.5 * LinearFit.PENALTY * w * w * size;
    }
    return penalty + 0.5 * loss(up, 1, weight, bias) + 0.5 * loss(down, -1, weight, bias);
  }

  private static double loss(Tensor rows, double sign, double[] weight, double bias) {
    double[] scores = rows.to(DType.F64).dotRows(Tensor.ofDoubles(weight, WIDTH)).toDoubles();
    double sum = 0;
    for (double score : scores) {
      sum += Math.log1p(Math.exp(-sign * (score + bias)));
    }
    return sum / scores.length;
  }

  private static Probe probe(LinearFit.Line line) {
    return new Probe(
        Place.LAST,
        1,
        Probe.Method.MEAN_DIFFERENCE,
        line.weight().stream().map(Double::floatValue).toList(),
        line.bias());
  }
}
