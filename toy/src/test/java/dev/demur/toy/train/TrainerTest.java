package dev.demur.toy.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.DeviceChoice;
import dev.demur.toy.grammar.ExampleKind;
import dev.demur.toy.grammar.Mix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1) // the slowest begin first
class TrainerTest {

  private static final Mix MIX =
      new Mix(Map.of(ExampleKind.HARMLESS, 1.0, ExampleKind.FACT, 1.0), 0.2);

  @TempDir private Path folder;

  @Test
  void lossFalls() throws IOException {
    var losses = losses(recipe(1, 12), folder);
    assertThat(losses.getLast()).isLessThan(losses.getFirst() - 1);
  }

  @Test
  void aKilledRunGoesOnAndEndsWithTheSameWeights() throws IOException {
    new Trainer(recipe(2, 4), folder.resolve("whole")).run(Progress.silent());
    var killed = folder.resolve("killed");
    assertThatThrownBy(
            () ->
                new Trainer(recipe(2, 4), killed, DeviceChoice.HOST, 1)
                    .run(
                        step -> {
                          if (step.done() == 3) {
                            throw new IllegalStateException("killed");
                          }
                        }))
        .hasMessage("killed");
    new Trainer(recipe(2, 4), killed, DeviceChoice.HOST, 1).run(Progress.silent());
    for (String model : List.of("base", "chat")) {
      assertThat(killed.resolve(model).resolve("model.safetensors"))
          .hasSameBinaryContentAs(
              folder.resolve("whole").resolve(model).resolve("model.safetensors"));
    }
  }

  /// D6: altered states were believed.
  @Test
  void aCheckpointOfWhichABitChangedIsRefusedInOneLine() throws IOException {
    var recipe = recipe(2, 1);
    var file = folder.resolve("checkpoint.safetensors");
    new Trainer(recipe, folder).run(Progress.silent());
    byte[] bytes = Files.readAllBytes(file);
    var random = new Random(7);
    for (int i = 0; i < 12; i++) {
      byte[] changed = bytes.clone();
      int at = random.nextInt(i % 2 == 0 ? 4000 : bytes.length); // in the header, and anywhere
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      var checkpoint = new Checkpoint(file, recipe);
      assertThatThrownBy(checkpoint::place)
          .as("byte " + at)
          .isInstanceOfAny(IOException.class)
          .message()
          .contains(file.toString())
          .doesNotContain("\n");
    }
    Files.write(file, bytes);
    assertThat(new Checkpoint(file, recipe).place()).isPresent();
  }

  @Test
  void aFolderWithAnotherSeedsRunIsLeftAlone() throws IOException {
    new Trainer(recipe(1, 1), folder).run(Progress.silent());
    assertThatThrownBy(() -> new Trainer(recipe(2, 1), folder).run(Progress.silent()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another recipe or seed");
  }

  @Test
  void theChatPhaseChangesOnlyTheFirstLayers() throws IOException {
    new Trainer(recipe(3, 1), folder).run(Progress.silent());
    try (var base = dev.demur.model.format.safetensors.Safetensors.open(weights("base"));
        var chat = dev.demur.model.format.safetensors.Safetensors.open(weights("chat"))) {
      for (String name : base.names()) {
        boolean first = name.startsWith("model.layers.0.") || name.startsWith("model.layers.1.");
        boolean same = base.bytes(name).mismatch(chat.bytes(name)) < 0;
        // A norm may round back to the bfloat16 it was; a matrix cannot.
        if (!first || !name.contains("norm")) {
          assertThat(same).as(name).isEqualTo(!first);
        }
      }
    }
  }

  private Path weights(String model) {
    return folder.resolve(model).resolve("model.safetensors");
  }

  private static List<Double> losses(Recipe recipe, Path folder) throws IOException {
    var losses = new ArrayList<Double>();
    new Trainer(recipe, folder)
        .run(
            step -> {
              if (step.phase().equals("base")) {
                losses.add(step.loss());
              }
            });
    assertThat(Files.exists(folder.resolve("chat").resolve("config.json"))).isTrue();
    return losses;
  }

  private static Recipe recipe(long seed, int baseSteps) {
    return new Recipe(
        seed,
        new Phase("base", baseSteps, 4, 3e-3, 2, 0.1, 0.03, new Phase.Trained.Everything(), MIX),
        new Phase("chat", 1, 4, 3e-3, 1, 0, 0, new Phase.Trained.FirstLayers(2), MIX));
  }
}
