package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.DeviceChoice;
import dev.demur.model.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputedOnTest {

  private static final ComputedOn HERE = new ComputedOn("cpu", "the bundled libtorch 2.10.0");
  private static final ComputedOn CARD = new ComputedOn("a card", "PyTorch 2.11.0");

  @Test
  void aRunOnAnotherDeviceLearnsWhoComputedWhatIsThere(@TempDir Path folder) throws IOException {
    try (var store = RunStore.at(folder)) {
      assertThat(store.computing(HERE)).isEmpty();
      assertThat(store.computing(HERE)).as("the same again").isEmpty();
      assertThat(store.computing(CARD)).containsExactly(HERE);
    }
    try (var again = RunStore.at(folder)) {
      assertThat(again.computing(HERE)).as("both are there").containsExactly(CARD);
    }
  }

  @Test
  void whatOneDeviceComputedIsNotTakenForAnothers(@TempDir Path folder) throws IOException {
    Devices.require(Device.LAZY);
    try (var store = RunStore.at(folder);
        var host = open(DeviceChoice.HOST);
        var other = open(new DeviceChoice(List.of(Device.LAZY)))) {
      assertThat(score(store, host, 1)).isEqualTo(1);
      assertThat(score(store, other, 2)).as("computed anew").isEqualTo(2);
      assertThat(score(store, host, 3)).as("kept").isEqualTo(1);
      assertThat(ComputedOn.of(other).devices()).isEqualTo("lazy");
      assertThat(ComputedOn.of(host).engine())
          .as("names its version, whoever brought it")
          .matches("(the bundled libtorch|PyTorch) 2\\.\\d+\\.\\d+.*");
    }
  }

  private record Score(int value) {}

  private static int score(RunStore store, ChatModel model, int value) throws IOException {
    var stage =
        new Stage.OfValue<>(
            "select", List.of(ModelIdentity.of(model)), Score.class, _ -> new Score(value));
    return store.get(stage, Progress.silent()).value();
  }

  private static ChatModel open(DeviceChoice devices) throws IOException {
    return ChatModel.load(Checkpoints.named("qwen2-untied").toString(), DTypeChoice.F32, devices);
  }
}
