package dev.demur.lab.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Scoped
class DirectionReaderTest {

  private static final Path CHECKPOINT = Checkpoints.named("qwen2-tied");

  private static final Set<Integer> TOKENS = Set.of(5);

  /// A sum of some dozen float32 shares, and batches of different sizes.
  private static final double ROUNDING = 1e-3;

  @Test
  void whatIsWrittenAddsUpToTheStreamForEveryPrompt() throws IOException {
    try (var model = ChatModel.load(CHECKPOINT.toString(), DTypeChoice.F32)) {
      var unit = TinyModels.unit(new Random(3), model.config().dModel());
      var reader = new DirectionReader(model, unit, TOKENS, 2);
      // More than one chunk, of mixed lengths.
      var prompts =
          IntStream.range(0, 35).mapToObj(i -> model.prompt("Knit".repeat(1 + i % 3))).toList();
      var indices = IntStream.range(100, 135).boxed().toList();
      var readings = reader.read("plain", indices, prompts);
      assertThat(readings.stream().map(PromptReading::prompt)).isEqualTo(indices);
      for (int i = 0; i < readings.size(); i++) {
        var reading = readings.get(i);
        for (int layer = 0; layer <= model.config().nLayers(); layer++) {
          assertThat(reading.sum(layer))
              .as("prompt %d, layer %d", i, layer)
              .isCloseTo(reading.projection(-1, layer), within(ROUNDING));
        }
      }
      for (int i : List.of(1, 31, 32)) {
        var alone = reader.read("plain", List.of(0), List.of(prompts.get(i))).getFirst();
        int layers = model.config().nLayers();
        assertThat(readings.get(i).score()).isCloseTo(alone.score(), within(ROUNDING));
        assertThat(readings.get(i).cosine(-2, layers))
            .isCloseTo(alone.cosine(-2, layers), within(ROUNDING));
      }
    }
  }
}
