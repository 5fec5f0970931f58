package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.model.arch.Placement.Sizes;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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
        "meta | meta is for tests; say cpu or cuda",
        "cpu,lazy | lazy is for tests; say cpu or cuda",
        "cuda,cuda:0 | a device is named twice: [cuda:0, cuda:0]"
      })
  void refusesWhatNamesNoDevice(String text, String message) {
    assertThatThrownBy(() -> DeviceChoice.parse(text)).hasMessage(message);
  }

  /// Three blocks of 20 bytes between an embedding and a head of 10 each.
  private static final Sizes SIZES = new Sizes(10, List.of(20L, 20L, 20L), 10);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto | 120 | cuda:0",
        "auto | 60,120 | cuda:1",
        "auto | 60,80 | cuda:1 (blocks 0–1), cuda:0 (blocks 2 on)",
        "auto | 40,40 | cuda:0 (blocks 0–0), cuda:1 (blocks 1–1), cpu (blocks 2 on)",
        "auto | 8 | cpu",
        "cuda:0,cuda:1 | 80,120 | cuda:0 (blocks 0–1), cuda:1 (blocks 2 on)",
        "cuda:1,cuda:0 | 80,120 | cuda:1",
        "cuda:0,cpu | 60,120 | cuda:0 (blocks 0–0), cpu (blocks 1 on)",
        "cpu | 120 | cpu"
      })
  void cardsTakeWhatTheyHaveRoomFor(String devices, String cardBytes, String placement) {
    var bytes = Arrays.stream(cardBytes.split(",")).map(Long::valueOf).toList();
    var cards =
        IntStream.range(0, bytes.size())
            .mapToObj(i -> new Card(Device.cuda(i), "a card", bytes.get(i)))
            .toList();
    assertThat(DeviceChoice.parse(devices).placement(SIZES, cards)).hasToString(placement);
  }

  @Test
  void aCardThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> DeviceChoice.parse("cuda:1,cpu").placement(SIZES, List.of()))
        .hasMessage("there is no cuda:1; this machine's cards are []");
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
