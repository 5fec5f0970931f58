package dev.demur.lab.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Scoped
@EveryDevice
class PromptActivationsTest {

  private static final Path CHECKPOINT = Checkpoints.named("qwen2-tied");

  /// Batches of different sizes sum in another order, float32.
  private static final float ROUNDING = 1e-4f;

  @Test
  void manyPromptsGiveWhatEachGivesAlone() throws IOException {
    try (var model = ChatModel.load(CHECKPOINT.toString(), DTypeChoice.F32, Devices.choice())) {
      var edit = HookPlan.none().edit(new HookPoint(0, Site.RESID_POST), x -> x.times(0.5));
      // More than one chunk, of mixed lengths.
      var prompts =
          IntStream.range(0, 131)
              .mapToObj(i -> model.prompt("Knit".repeat(1 + i % 3)).tokens())
              .toList();
      var read = PromptActivations.of(model.forward(), prompts, 2, edit);
      assertThat(read.values().shape()).startsWith(131L, 2L, (long) model.config().nLayers());
      for (int i : List.of(0, 1, 127, 128, 130)) {
        try (var alone =
            model.forward().run(List.of(prompts.get(i)), Capture.at(Site.RESID_PRE), edit)) {
          int layer = 1;
          var expected = alone.get(new HookPoint(layer, Site.RESID_PRE), 0);
          for (int position : List.of(-1, -2)) {
            assertThat(read.values().row(i).row(2 + position).row(layer).toFloats())
                .as("prompt %d, position %d", i, position)
                .containsExactly(
                    expected.row(expected.dim(0) + position).toFloats(), within(ROUNDING));
          }
          assertThat(read.logits().row(i).toFloats())
              .containsExactly(alone.logits().row(0).toFloats(), within(ROUNDING));
        }
      }
    }
  }
}
