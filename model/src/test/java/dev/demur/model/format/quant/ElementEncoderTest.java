package dev.demur.model.format.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written is what the `gguf` package writes (tools/golden/gguf_quantize.py).
class ElementEncoderTest {

  @Test
  void quantisesAsTheGgufPackageBitForBit() throws IOException {
    var golden = golden();
    var values = new float[golden.getInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = golden.getFloat();
    }
    for (var type : new GgmlType[] {GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q4_0}) {
      var encoder = ElementEncoder.of(type).orElseThrow();
      int blocks = values.length / encoder.blockElements();
      var found = new byte[blocks * encoder.blockBytes()];
      encoder.blocks().encode(values, found, blocks);
      var expected = new byte[found.length];
      golden.get(expected);
      assertThat(found).as("%s", type).isEqualTo(expected);
    }
    assertThat(golden.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      names = {"F32", "F16", "BF16", "Q8_0"})
  void whatWasReadIsWrittenBackUnchanged(GgmlType type) {
    var encoder = ElementEncoder.of(type).orElseThrow();
    int blocks = 32 / encoder.blockElements();
    var values = new float[32];
    for (int i = 0; i < 32; i++) {
      values[i] = i * 8 - 127; // ends at ±127 or so: Q8_0's scale is exact
    }
    values[31] = 127;
    var once = new byte[blocks * encoder.blockBytes()];
    encoder.blocks().encode(values, once, blocks);
    var read = new float[32];
    type.decoder().blocks().decode(once, read, blocks);
    assertThat(read).isEqualTo(values);
  }

  @Test
  void typesThatAreNotWrittenSayNo() {
    assertThat(ElementEncoder.of(GgmlType.Q4_K)).isEmpty();
    assertThat(ElementEncoder.of(GgmlType.I32)).isEmpty();
  }

  private static ByteBuffer golden() throws IOException {
    try (var in = ElementEncoderTest.class.getResourceAsStream("/golden/gguf/quantize.bin")) {
      return ByteBuffer.wrap(Objects.requireNonNull(in, "golden").readAllBytes())
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
