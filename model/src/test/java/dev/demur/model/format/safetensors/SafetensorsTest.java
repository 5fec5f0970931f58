package dev.demur.model.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.model.format.MappedFile;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Scoped
class SafetensorsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 50}) // -1: number of tensors not told
  void readsBackWhatWasWritten(int expectedTensors) throws IOException {
    Path file = folder.resolve("a.safetensors");
    var odd = Tensor.gaussian(new Random(1), 3, 5);
    var half = odd.to(DType.BF16);
    var scalar = Tensor.of(new float[] {2.5f});
    var tokens = Tensor.ofLongs(LongStream.of(3, -1, 1L << 40));
    try (var writer =
        expectedTensors < 0
            ? SafetensorsWriter.create(file)
            : SafetensorsWriter.create(file, expectedTensors)) {
      writer.metadata("tool", "a \"quoted\" name\n");
      writer.write("half", half);
      writer.write("odd ü", odd);
      writer.write("scalar", scalar);
      writer.write("tokens", tokens);
      writer.write("view", odd.transpose(0, 1));
      writer.finish();
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    try (var read = Safetensors.open(file)) {
      assertThat(read.metadata()).containsEntry("tool", "a \"quoted\" name\n").hasSize(1);
      assertThat(read.names())
          .containsExactlyInAnyOrder("half", "odd ü", "scalar", "tokens", "view");
      assertThat(read.info("odd ü")).isEqualTo(new TensorInfo("odd ü", "F32", odd.shape(), 60));
      assertThat(read.info("scalar").shape()).isEmpty();
      assertThat(read.bytes("tokens").get(MappedFile.LONG, 16)).isEqualTo(1L << 40);
      assertThat(read.bytes("tokens").address() % 8).isZero();
      assertThat(read.stored("odd ü").load(DType.F32).toFloats()).containsExactly(odd.toFloats());
      assertThat(read.stored("half").load(DType.BF16).toFloats()).containsExactly(half.toFloats());
      assertThat(read.stored("half").load(DType.F32).toFloats()).containsExactly(half.toFloats());
      assertThat(read.stored("odd ü").load(DType.BF16).toFloats()).containsExactly(half.toFloats());
      assertThat(read.stored("view").load(DType.F32).toFloats())
          .containsExactly(odd.transpose(0, 1).toFloats());
    }
  }

  @Test
  void anUnfinishedFileLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Files.writeString(file, "what was there before");
    try (var writer = SafetensorsWriter.create(file)) {
      writer.write("x", Tensor.zeros(DType.F32, 4));
    }
    assertThat(file).hasContent("what was there before");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> SafetensorsWriter.create(folder.resolve("no/a.safetensors")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such folder");
  }

  @Test
  void aTensorWrittenTwiceIsTheCallersFault() throws IOException {
    try (var writer = SafetensorsWriter.create(folder.resolve("a"))) {
      writer.write("x", Tensor.zeros(DType.F32, 4));
      assertThatThrownBy(() -> writer.write("x", Tensor.zeros(DType.F32, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"x\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void aNanNamesTensorAndPlace(String stored) throws IOException {
    Path file = folder.resolve("nan.safetensors");
    float[] values = new float[12];
    values[7] = Float.NaN;
    try (var writer = SafetensorsWriter.create(file)) {
      writer.write("w", Tensor.of(values, 3, 4).to(DType.valueOf(stored)));
      writer.finish();
    }
    try (var read = Safetensors.open(file)) {
      for (var to : new DType[] {DType.F32, DType.BF16}) {
        assertThatThrownBy(() -> read.stored("w").load(to))
            .isInstanceOf(NumericException.class)
            .hasMessageContaining("nan.safetensors")
            .hasMessageContaining("\"w\"")
            .hasMessageContaining("[1, 3]");
      }
    }
  }

  static Stream<Arguments> lies() {
    String ok = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";
    return Stream.of(
        Arguments.of("{", "not valid JSON"),
        Arguments.of("[]", "START_ARRAY"),
        Arguments.of("{}x", "not valid JSON"),
        Arguments.of("{} {}", "after the header"),
        Arguments.of("{\"a\":1}", "expected START_OBJECT"),
        Arguments.of("{\"a\":{" + ok + "},\"a\":{" + ok + "}}", "Duplicate"),
        Arguments.of("{\"a\":{" + ok + ",\"x\":1}}", "has the key \"x\""),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "lacks one of"),
        Arguments.of("{\"__metadata__\":{\"a\":1},\"b\":{" + ok + "}}", "__metadata__"),
        Arguments.of(entry("F31", "[2]", "[0,8]"), "unknown dtype \"F31\""),
        Arguments.of(entry("F32", "[-2]", "[0,8]"), "holds -2"),
        Arguments.of(entry("F32", "[2.0]", "[0,8]"), "VALUE_NUMBER_FLOAT"),
        Arguments.of(entry("F32", "[\"2\"]", "[0,8]"), "VALUE_STRING"),
        Arguments.of(entry("F32", "[4611686018427387904,4]", "[0,8]"), "too large"),
        Arguments.of(entry("F32", "[0,4611686018427387904,4]", "[0,0]"), "too large"),
        Arguments.of(entry("F32", "[99999999999999999999]", "[0,8]"), "whole number"),
        Arguments.of(entry("F32", "[2]", "[8,0]"), "data_offsets"),
        Arguments.of(entry("F32", "[3]", "[0,8]"), "takes 12 bytes"),
        Arguments.of(entry("F32", "[2]", "[4,12]"), "overlap or leave a hole"),
        Arguments.of(entry("F32", "[4]", "[0,16]"), "only 8 bytes follow"),
        Arguments.of(
            entry("I8", "[1152921504606846975]", "[0,1152921504606846975]"), "only 8 bytes follow"),
        Arguments.of(entry("F32", "[1]", "[0,4]"), "8 bytes follow the header"),
        Arguments.of(entry("F4", "[1]", "[0,1]"), "whole byte"),
        Arguments.of(entry("F32", "[[2]]", "[0,8]"), "START_ARRAY"),
        Arguments.of(entry("F32", "[" + "1,".repeat(40) + "2]", "[0,8]"), "more than 32"),
        Arguments.of(
            "{\"a\":{" + ok + "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "overlap"),
        Arguments.of("{\"a\":".repeat(10_000), "expected"),
        Arguments.of("[".repeat(10_000), "expected"),
        Arguments.of("{\"__metadata__\":{\"a\":\"\u0000", "not valid JSON"));
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void refusesAHeaderThatLies(String header, String expected) throws IOException {
    Path file = write(header.getBytes(StandardCharsets.UTF_8).length, header, 8);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 20})
  void refusesAHeaderLengthThatLies(long length) throws IOException {
    Path file = write(length, "{}", 0);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("header length");
  }

  @Test
  void refusesTruncatedAndMissingFilesAndFolders() throws IOException {
    Path file = folder.resolve("short");
    Files.write(file, new byte[7]);
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("too short");
    assertThatThrownBy(() -> Safetensors.open(folder.resolve("none")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("is a folder");
  }

  @Test
  void aTypeThatIsNotANumberIsNamedWhenLoaded() throws IOException {
    Path file = write(-2, entry("F8_E5M2", "[8]", "[0,8]"), 8);
    try (var read = Safetensors.open(file)) {
      assertThat(read.bytes("a").toArray(ValueLayout.JAVA_BYTE)).hasSize(8);
      assertThatThrownBy(() -> read.stored("a"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("F8_E5M2");
      assertThatThrownBy(() -> read.info("b")).hasMessageContaining("no tensor \"b\"");
    }
  }

  /// @param length header length to claim; −2 for the true one
  private Path write(long length, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(length == -2 ? json.length : length).put(json);
    Path file = folder.resolve("lie.safetensors");
    Files.write(file, buffer.array());
    return file;
  }
}
