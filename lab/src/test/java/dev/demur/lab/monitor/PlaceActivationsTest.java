package dev.demur.lab.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Scoped
@EveryDevice
class PlaceActivationsTest {

  private static final Path CHECKPOINT = Checkpoints.named("qwen2-tied");

  /// Batches of different sizes sum in another order, float32.
  private static final float ROUNDING = 1e-4f;

  @Test
  void readsEachPromptAtItsOwnPlaces() throws IOException {
    try (var model = ChatModel.load(CHECKPOINT.toString(), DTypeChoice.F32, Devices.choice())) {
      // More than one chunk; the user's words end at different distances from the end.
      var prompts =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      i % 3 == 0
                          ? model.prompts().raw("Knit a scarf for the river".repeat(1 + i % 4))
                          : model.prompt("Bake bread".repeat(1 + i % 4)))
              .toList();
      var read = PlaceActivations.of(model, prompts, Set.of(5), Progress.silent());
      for (int i : List.of(0, 1, 31, 32, 39)) {
        assertAlone(model, prompts.get(i), read, i);
      }
    }
  }

  private static void assertAlone(ChatModel model, Prompt prompt, PlaceActivations read, int i) {
    try (var alone = model.run(List.of(prompt), Capture.at(Site.RESID_PRE), HookPlan.none())) {
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        for (var place : Place.values()) {
          var expected = alone.get(new HookPoint(layer, Site.RESID_PRE), 0).row(place.in(prompt));
          assertThat(read.rows(place, layer, List.of(i)).row(0).toFloats())
              .as("prompt %d, %s, layer %d", i, place, layer)
              .containsExactly(expected.toFloats(), within(ROUNDING));
        }
      }
    }
  }
}
