package dev.demur.model.format.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.model.format.MappedFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Scoped
class DequantizerTest {

  private static final String REGENERATE = "see tools/golden/gguf_types.py";

  static Stream<GgmlType> typesOfTheGgufPackage() {
    return Stream.of(GgmlType.values())
        .filter(
            type ->
                switch (type) {
                  case Q8_K, I8, I16, I32, I64, F64 -> false;
                  default -> true;
                });
  }

  /// Every type, Q1_0 of gguf 0.19 among them (finding B6).
  @ParameterizedTest
  @MethodSource("typesOfTheGgufPackage")
  void equalsTheGgufPackageBitForBit(GgmlType type) throws IOException {
    byte[] golden = golden(type);
    int rawBytes = LittleEndian.i32(golden, 0);
    byte[] raw = Arrays.copyOfRange(golden, 4, 4 + rawBytes);
    int elements = (golden.length - 4 - rawBytes) / 4;

    float[] found = decode(type.decoder(), raw, elements);

    for (int i = 0; i < elements; i++) {
      assertThat(Float.floatToRawIntBits(found[i]))
          .as("%s element %d, %s", type, i, REGENERATE)
          .isEqualTo(LittleEndian.i32(golden, 4 + rawBytes + 4 * i));
    }
  }

  @Test
  void readsQ8kAsScaleTimesByte() {
    byte[] raw = new byte[292];
    MemorySegment.ofArray(raw).set(MappedFile.FLOAT, 0, 0.25f);
    raw[4] = -8;
    raw[259] = 5;
    float[] found = decode(GgmlType.Q8_K.decoder(), raw, 256);
    assertThat(found[0]).isEqualTo(-2f);
    assertThat(found[255]).isEqualTo(1.25f);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "I64", "I32", "I16", "I8", "U8", "BOOL"})
  void readsPlainNumbers(DType type) {
    byte[] raw = new byte[2 * type.bytes()];
    var segment = MemorySegment.ofArray(raw);
    if (type == DType.F64) {
      segment.set(MappedFile.DOUBLE, 8, 1);
    } else {
      raw[type.bytes()] = 1;
    }
    assertThat(decode(ElementDecoder.of(type), raw, 2)).containsExactly(0, 1);
  }

  @Test
  void readsFloat8AsTorchDoes() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    float[] found = decode(ElementDecoder.of(DType.F8_E4M3), all, 256);
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, all);
      float[] expected = Tensor.map(bytes, DType.F8_E4M3, 256).toFloats();
      assertThat(found).containsExactly(expected);
    }
  }

  @Test
  void roundsToBfloat16AsTorchDoes() {
    var random = new Random(7);
    float[] values = new float[4096];
    for (int i = 0; i < values.length; i++) {
      // Every other one lies exactly half way between two bfloat16 numbers.
      int bits = random.nextInt() & 0x7EFFFFFF | random.nextInt() & 0x80000000;
      values[i] = Float.intBitsToFloat((i & 1) == 0 ? bits : bits & 0xFFFF0000 | 0x8000);
    }
    var source = Tensor.of(values, values.length);
    var expected = source.to(DType.BF16);
    var found = Tensor.empty(DType.BF16, values.length);
    var bad =
        Dequantizer.decode(
            ElementDecoder.of(DType.F32),
            source.segment(),
            values.length,
            found.segment(),
            DType.BF16);
    assertThat(bad).isEmpty();
    assertThat(found.toFloats()).containsExactly(expected.toFloats());
  }

  @Test
  void findsTheFirstNumberThatIsNotFiniteWhereverItIs() {
    int elements = 1_200_000; // several shares
    try (var arena = Arena.ofShared()) {
      var in = arena.allocate(4L * elements);
      assertThat(Dequantizer.firstNotFinite(ElementDecoder.of(DType.F32), in, elements, DType.F32))
          .isEmpty();
      in.set(MappedFile.FLOAT, 4L * 1_100_000, Float.NaN);
      assertThat(Dequantizer.firstNotFinite(ElementDecoder.of(DType.F32), in, elements, DType.F32))
          .hasValue(1_100_000);
      in.set(MappedFile.FLOAT, 4L * 600_001, Float.NEGATIVE_INFINITY);
      assertThat(Dequantizer.firstNotFinite(ElementDecoder.of(DType.F32), in, elements, DType.F32))
          .hasValue(600_001);
    }
  }

  @Test
  void reportsANumberThatIsTooLargeForBfloat16() {
    try (var arena = Arena.ofShared()) {
      var in = arena.allocate(8);
      in.set(MappedFile.FLOAT, 4, Float.MAX_VALUE);
      var decoder = ElementDecoder.of(DType.F32);
      assertThat(Dequantizer.decode(decoder, in, 2, arena.allocate(8), DType.F32)).isEmpty();
      assertThat(Dequantizer.decode(decoder, in, 2, arena.allocate(4), DType.BF16)).hasValue(1);
    }
  }

  private static float[] decode(ElementDecoder decoder, byte[] raw, int elements) {
    float[] found = new float[elements];
    Dequantizer.decode(
        decoder, MemorySegment.ofArray(raw), elements, MemorySegment.ofArray(found), DType.F32);
    return found;
  }

  private static byte[] golden(GgmlType type) throws IOException {
    try (var in = DequantizerTest.class.getResourceAsStream("/golden/gguf/" + type + ".bin")) {
      assertThat(in).as("%s: %s", type, REGENERATE).isNotNull();
      return in.readAllBytes();
    }
  }
}
