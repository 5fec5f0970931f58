package dev.demur.toy.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Devices;
import dev.demur.kit.Scoped;
import dev.demur.model.DeviceChoice;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import dev.demur.toy.grammar.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is learnt does not depend on where: a copy on the other device learnt, and passes read the
/// weights it was made of.
@Tag("devices")
@Scoped
class DeviceTrainingTest {

  private static final int STEPS = 3;

  /// Float32 sums in another order, carried through three steps of Adam.
  private static final double ROUNDING = 1e-4;

  private static final Shape SHAPE = new Shape(1, 16, 2, 1, 8, 32, 64);
  private static final Batch BATCH =
      new Batch(
          List.of(
              new Batch.Sequence(ids(5, 6, 7), ids(8, 9)),
              new Batch.Sequence(ids(11, 12), ids(13, 14, 15))));

  @Test
  void theLossFallsOnAnotherDeviceAsOnTheHost() throws IOException {
    var onHost = losses(DeviceChoice.HOST);
    var elsewhere = losses(new DeviceChoice(List.of(Devices.elsewhere())));
    assertThat(onHost.getLast()).isLessThan(onHost.getFirst() - 0.1);
    for (int step = 0; step < STEPS; step++) {
      assertThat(elsewhere.get(step))
          .as("step " + step)
          .isCloseTo(onHost.get(step), within(ROUNDING));
    }
  }

  private static List<Double> losses(DeviceChoice device) throws IOException {
    var parameters = Parameters.initial(SHAPE, SHAPE.config(1, 2), new Seeds(7)).on(device);
    var optimiser = new AdamW(parameters.track(new Phase.Trained.Everything()), 0.1);
    var transformer = parameters.transformer();
    var losses = new ArrayList<Double>();
    for (int step = 0; step < STEPS; step++) {
      try (var _ = Scope.open()) {
        var loss = BATCH.loss(transformer, HookPlan.none());
        losses.add(loss.item());
        Gradients.backward(loss);
        optimiser.step(0.01);
      }
    }
    return losses;
  }

  private static TokenIds ids(int... ids) {
    return TokenIds.of(ids);
  }
}
