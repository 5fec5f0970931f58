package dev.demur.model.format.gguf;

import static dev.demur.model.format.gguf.GgufBytes.concat;
import static dev.demur.model.format.gguf.GgufBytes.u32;
import static dev.demur.model.format.gguf.GgufBytes.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsMetadataOfEveryTypeAndTensors(int version) throws IOException {
    var bytes =
        new GgufBytes()
            .rawPair("u8", 0, new byte[] {-1})
            .rawPair("i8", 1, new byte[] {-1})
            .rawPair("u16", 2, new byte[] {-1, -1})
            .rawPair("i16", 3, new byte[] {-1, -1})
            .rawPair("u32", 4, u32(-1))
            .rawPair("i32", 5, u32(-1))
            .pair("f32", 0.5f)
            .pair("flag", true)
            .pair("text", "grüße")
            .pair("list", List.of("a", "", "c"))
            .rawPair("lists", 9, concat(u32(9), u64(1), u32(0), u64(2), new byte[] {1, 2}))
            .rawPair("u64", 10, u64(7))
            .rawPair("i64", 11, u64(-7))
            .rawPair("f64", 12, u64(Double.doubleToLongBits(0.1)))
            .floats("w", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
            .tensor("q", 8, new byte[68], 1, 64)
            .floats("scalar", new float[] {9});
    bytes.version = version;
    try (var gguf = Gguf.open(bytes.write(folder.resolve("a.gguf")))) {
      var metadata = gguf.metadata();
      assertThat(metadata.integer("u8")).hasValue(255L);
      assertThat(metadata.integer("i8")).hasValue(-1L);
      assertThat(metadata.integer("u16")).hasValue(65535L);
      assertThat(metadata.integer("i16")).hasValue(-1L);
      assertThat(metadata.integer("u32")).hasValue(0xFFFFFFFFL);
      assertThat(metadata.integer("i32")).hasValue(-1L);
      assertThat(metadata.number("f32")).hasValue(0.5);
      assertThat(metadata.flag("flag")).hasValue(true);
      assertThat(metadata.string("text")).hasValue("grüße");
      assertThat(metadata.list("list", String.class)).containsExactly("a", "", "c");
      assertThat(metadata.values().get("lists")).isEqualTo(List.of(List.of(1L, 2L)));
      assertThat(metadata.integer("u64")).hasValue(7L);
      assertThat(metadata.integer("i64")).hasValue(-7L);
      assertThat(metadata.number("f64")).hasValue(0.1);
      assertThat(gguf.names()).containsExactly("w", "q", "scalar");
      assertThat(gguf.info("w")).isEqualTo(new TensorInfo("w", "F32", List.of(2L, 3L), 24));
      assertThat(gguf.info("q").bytes()).isEqualTo(68);
      assertThat(gguf.stored("w").load(DType.F32).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(gguf.stored("w").load(DType.BF16).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(gguf.stored("scalar").load(DType.F32).shape()).isEmpty();
      assertThatThrownBy(() -> gguf.info("none"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("no tensor \"none\"");
    }
  }

  @Test
  void anInfiniteScaleNamesTensorAndPlace() throws IOException {
    byte[] blocks = new byte[4 * 34];
    blocks[2 * 34] = 0x00;
    blocks[2 * 34 + 1] = 0x7C;
    Arrays.fill(blocks, 2 * 34 + 2, 3 * 34, (byte) 1);
    try (var gguf =
        Gguf.open(new GgufBytes().tensor("q", 8, blocks, 2, 64).write(folder.resolve("a")))) {
      assertThatThrownBy(() -> gguf.stored("q").load(DType.BF16))
          .isInstanceOf(NumericException.class)
          .hasMessageContaining("\"q\" (Q8_0)")
          .hasMessageContaining("[1, 0]");
    }
  }

  static Stream<Arguments> lies() {
    byte[] one = new byte[64];
    long huge = 1L << 60;
    return Stream.of(
        lie("GGUF version 1", b -> b.version = 1),
        lie("big-endian", b -> b.version = 0x03000000),
        lie("the number of tensors", b -> b.tensorCount = huge),
        lie("the number of tensors", b -> b.tensorCount = -1),
        lie("the number of metadata pairs", b -> b.pairCount = huge),
        lie("the number of tensors is 2", b -> b.tensorCount = 2),
        lie("is a string of", b -> b.rawPair("k", 8, u64(Long.MAX_VALUE))),
        lie("expected less than 2^63", b -> b.rawPair("k", 8, u64(Long.MIN_VALUE))),
        lie("is a list of", b -> b.rawPair("k", 9, concat(u32(0), u64(huge)))),
        lie("is a list of", b -> b.rawPair("k", 9, concat(u32(9), u64(huge)))),
        lie("nests lists", b -> b.rawPair("k", 9, nested(1000))),
        lie("value type 13", b -> b.rawPair("k", 13, one)),
        lie("neither 0 nor 1", b -> b.rawPair("k", 7, new byte[] {2})),
        lie("not UTF-8", b -> b.rawPair("k", 8, concat(u64(1), new byte[] {-1}))),
        lie("appears twice", b -> b.pair("k", 1).pair("k", 2)),
        lie("general.alignment is 0", b -> b.pair("general.alignment", 0)),
        lie("general.alignment is 33", b -> b.pair("general.alignment", 33)),
        lie("general.alignment is x", b -> b.pair("general.alignment", "x")),
        lie("general.alignment", b -> b.pair("general.alignment", 1 << 30)),
        lie("type number 4", b -> b.tensor("t", 4, one, 16)),
        lie("5 dimensions", b -> b.tensor("t", 0, one, 1, 1, 1, 1, 16)),
        lie("dimensions", b -> b.rawTensor("t", 0, 0, new long[2000])),
        lie("not aligned", b -> b.rawTensor("t", 0, 16, 1)),
        lie("blocks of 32", b -> b.tensor("t", 8, one, 2, 16)),
        lie("too large", b -> b.tensor("t", 0, one, huge, 16)),
        lie("too large", b -> b.tensor("t", 0, one, Long.MAX_VALUE)),
        lie("too large", b -> b.tensor("t", 0, one, 0, huge, huge)),
        lie("expected less than 2^63", b -> b.tensor("t", 0, one, -1)),
        lie("cut short", b -> b.tensor("t", 0, one, 17)),
        lie("cut short", b -> b.tensor("t", 0, one, 1L << 50)),
        lie("cut short", b -> b.rawTensor("t", 0, huge, 1)),
        lie("appears twice", b -> b.tensor("t", 0, one, 16).tensor("t", 0, one, 16)),
        lie("inside the tensor", b -> b.tensor("t", 0, one, 16).rawTensor("u", 0, 32, 8)),
        lie("inside the tensor", b -> b.tensor("t", 0, one, 16).rawTensor("u", 0, 0, 16)));
  }

  private static byte[] nested(int depth) {
    byte[] all = new byte[0];
    for (int i = 0; i < depth; i++) {
      all = concat(all, u32(9), u64(1));
    }
    return concat(all, u32(0), u64(0));
  }

  private static Arguments lie(String expected, java.util.function.Consumer<GgufBytes> change) {
    var bytes = new GgufBytes();
    change.accept(bytes);
    return Arguments.of(expected, bytes);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void refusesAHeaderThatLies(String expected, GgufBytes bytes) throws IOException {
    Path file = bytes.write(folder.resolve("lie.gguf"));
    assertThatThrownBy(() -> Gguf.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesAFileCutShortAnywhere() throws IOException {
    byte[] whole =
        new GgufBytes()
            .pair("a", "b")
            .pair("list", List.of("x", "y"))
            .floats("w", new float[] {1, 2}, 2)
            .bytes();
    Path file = folder.resolve("cut.gguf");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Gguf.open(file))
          .as("%d bytes", length)
          .isInstanceOf(ModelFormatException.class);
    }
  }
}
