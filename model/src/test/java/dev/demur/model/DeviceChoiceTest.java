package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:1", "cuda:0,cuda:1", "cuda:0,cpu"})
  void readsWhatItPrints(String text) {
    assertThat(DeviceChoice.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu | a device is cpu, cuda or cuda:N, was \"gpu\"",
        "cuda:0,  | a device is cpu, cuda or cuda:N, was \"\"",
        "cuda:x | a device is cpu, cuda or cuda:N, was \"cuda:x\"",
        "meta | a model on meta has no numbers; say cpu or cuda",
        "cuda,cuda:0 | a device is named twice: [cuda:0, cuda:0]"
      })
  void refusesWhatNamesNoDevice(String text, String message) {
    assertThatThrownBy(() -> DeviceChoice.parse(text)).hasMessage(message);
  }

  /// Parts are found by the names of tensors, in every family.
  @EveryCheckpoint
  void everyBlockHasItsSize(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var sizes = DeviceChoice.sizes(files, DType.F32);
      long all = sizes.embedding() + sizes.head();
      long elements = 0;
      for (String name : files.weights().names()) {
        if (Multimodal.isBesideText(name)) {
          continue;
        }
        elements +=
            files.weights().info(name).shape().stream()
                .mapToLong(Long::longValue)
                .reduce(1, (a, b) -> a * b);
      }
      int layers = Writers.of(files).config().nLayers();
      assertThat(sizes.embedding()).isPositive();
      assertThat(sizes.blocks()).hasSize(layers).allMatch(size -> size > 0);
      assertThat(all + sizes.blocks().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(elements * DType.F32.bytes());
    }
  }
}
