package dev.demur.model.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufBytes;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Scoped
class TorchFileTest {

  private static final String STORAGE = "(X\7\0\0\0storagec%s\nX\1\0\0\0%sX\3\0\0\0cpu%stQ";

  @TempDir Path folder;

  /// Made by `tools/golden/torch_files.py`.
  @ParameterizedTest
  @ValueSource(strings = {"view", "strided", "kinds", "module", "nested"})
  void readsWhatTorchSaves(String name) throws IOException {
    try (var torch = TorchFile.open(golden(name + ".pt"));
        var expected = Safetensors.open(golden(name + ".safetensors"))) {
      assertThat(torch.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(torch.info(tensor)).isEqualTo(expected.info(tensor));
        assertThat(torch.load(tensor).segment().toArray(ValueLayout.JAVA_BYTE))
            .as(tensor)
            .isEqualTo(expected.bytes(tensor).toArray(ValueLayout.JAVA_BYTE));
        assertThat(torch.load(tensor, DType.F32).toFloats())
            .containsExactly(expected.stored(tensor).load(DType.F32).toFloats());
      }
    }
  }

  @Test
  void aFolderMayHoldTorchFiles() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.copy(golden("module.pt"), folder.resolve("pytorch_model.bin"));
    try (var model = HuggingFaceFolder.open(folder)) {
      assertThat(model.weights().names()).contains("0.weight", "1.bias");
      assertThat(model.weights().load("0.weight", DType.BF16).shape()).containsExactly(2L, 3L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cos\nsystem\n(X\2\0\0\0lstR.",
        "c__builtin__\neval\n.",
        "X\2\0\0\0osX\6\0\0\0system\u0093.",
        "ctorch\nload\n.",
        "ctorch.hub\nload\n.",
        "cbuiltins\ngetattr\n.",
        "ctorch._utils\n_rebuild_from_type_v2\n.",
        "cnumpy.core.multiarray\n_reconstruct\n."
      })
  void refusesEveryOtherImportByName(String pickle) throws IOException {
    refuses(pickle, "wants to import");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i|opcode 0x69",
        "o|opcode 0x6f",
        "P|opcode 0x50",
        "\u0081|opcode 0x81",
        "\u0082|opcode 0x82",
        "R|empty stack",
        "t|has not opened",
        "h\u0005.|has not stored",
        "K|ends too early",
        "X~~~~|past its end",
        "\u008a\u00ff|too large",
        "NNa.|not a list",
        "NNNs.|not a dictionary",
        "NN}NNs.|neither text",
        "}(Nu.|without a value",
        "NNR.|not a function",
        "NQ.|not a storage",
        "NNb.|attributes",
        "cx|ends too early"
      })
  void refusesAPickleThatIsUnsound(String pickle, String expected) throws IOException {
    refuses(pickle, expected);
  }

  @Test
  void refusesAPickleThatWouldNeverEnd() throws IOException {
    refuses("N0".repeat(600_000) + ".", "more than 1000000 operations");
    // A list in itself.
    refuses("]q\0h\0a.", "deep");
    // Thirty lists, each holding the one before twice.
    var doubling = new StringBuilder("]q\0Na");
    for (int i = 0; i < 30; i++) {
      doubling.append("](h").append((char) i).append("h").append((char) i).append("eq");
      doubling.append((char) (i + 1));
    }
    refuses(doubling + ".", "more than 1000000 values");
    refuses("]".repeat(100) + "a".repeat(99) + ".", "deep");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 1, ok", // within four floats
    "3, 2, 1, lie in",
    "-1, 2, 1, lie in",
    "0, -1, 1, lie in",
    "0, 2, -1, lie in",
    "0, 2, 4, lie in",
    "0, 2, 3, ok",
    "0, 1000, 0, lie in",
    "0, 9223372036854775807, 9223372036854775807, lie in"
  })
  void everyViewLiesInItsStorage(long offset, long size, long stride, String expected)
      throws IOException {
    String tensor = rebuild("torch\nFloatStorage", "0", offset, size, stride);
    Path file = archive(tensor + ".", "0", new byte[16]);
    if (expected.equals("ok")) {
      try (var torch = TorchFile.open(file)) {
        assertThat(torch.load("tensor").elements()).isEqualTo(size);
      }
    } else {
      assertThatThrownBy(() -> TorchFile.open(file))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(expected);
    }
  }

  @Test
  void saysWhatAStorageLacks() throws IOException {
    refuses(rebuild("torch\nFloatStorage", "1", 0, 1, 1) + ".", "storage \"1\" is missing");
    refuses(rebuild("collections\nOrderedDict", "0", 0, 1, 1) + ".", "unknown type");
  }

  @Test
  void aNanNamesTensorAndPlace() throws IOException {
    byte[] storage = new byte[16];
    storage[6] = (byte) 0xC0;
    storage[7] = 0x7F;
    Path file = archive(rebuild("torch\nFloatStorage", "0", 0, 4, 1) + ".", "0", storage);
    try (var torch = TorchFile.open(file)) {
      assertThatThrownBy(() -> torch.load("tensor", DType.BF16))
          .isInstanceOf(NumericException.class)
          .hasMessageContaining("\"tensor\"")
          .hasMessageContaining("[1]");
      assertThat(torch.load("tensor").elements()).isEqualTo(4);
      assertThatThrownBy(() -> torch.load("x")).hasMessageContaining("no tensor \"x\"");
    }
  }

  @Test
  void refusesWhatIsNoArchiveOfTorch() throws IOException {
    Path file = folder.resolve("a.pt");
    assertThatThrownBy(() -> TorchFile.open(file)).hasMessageContaining("no such file");
    Files.write(file, new byte[] {(byte) 0x80, 2});
    assertThatThrownBy(() -> TorchFile.open(file)).hasMessageContaining("not a zip archive");
    Files.writeString(file, "PK and nothing more");
    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not a sound zip");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a/other"));
      zip.closeEntry();
    }
    assertThatThrownBy(() -> TorchFile.open(file)).hasMessageContaining("without data.pkl");
  }

  @Test
  void refusesACompressedStorage() throws IOException {
    Path file = folder.resolve("a.pt");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write(latin(rebuild("torch\nFloatStorage", "0", 0, 1, 1) + "."));
      zip.putNextEntry(new ZipEntry("a/data/0"));
      zip.write(new byte[1 << 20]);
      zip.closeEntry();
    }
    assertThatThrownBy(() -> TorchFile.open(file)).hasMessageContaining("is compressed");
  }

  /// Needs `-Ddemur.data=FOLDER` with the released run.
  @Test
  @Tag("real")
  void readsTheReleasedDirection() throws IOException {
    Path data = Path.of(Objects.requireNonNull(System.getProperty("demur.data"), "demur.data"));
    try (var torch = TorchFile.open(data.resolve("released-run/direction.pt"))) {
      assertThat(torch.info("tensor").shape()).containsExactly(2048L);
      var direction = torch.load("tensor");
      assertThat(direction.dtype()).isEqualTo(DType.F64);
      assertThat(direction.norm()).isCloseTo(10.064353, within(1e-6));
    }
  }

  private void refuses(String pickle, String expected) throws IOException {
    Path file = archive(pickle, "0", new byte[16]);
    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  /// The pickle of a one-dimensional tensor.
  private static String rebuild(String type, String key, long offset, long size, long stride) {
    return "ctorch._utils\n_rebuild_tensor_v2\n("
        + STORAGE.formatted(type, key, number(4))
        + number(offset)
        + number(size)
        + "\u0085"
        + number(stride)
        + "\u0085\u0089ccollections\nOrderedDict\n)RtR";
  }

  private static String number(long value) {
    byte[] bytes = GgufBytes.u64(value);
    return "\u008a\b" + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Path archive(String pickle, String key, byte[] storage) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      stored(zip, "a/data.pkl", latin(pickle));
      stored(zip, "a/data/" + key, storage);
    }
    return Files.write(folder.resolve("made.pt"), out.toByteArray());
  }

  static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    var entry = new ZipEntry(name);
    var crc = new CRC32();
    crc.update(bytes);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private Path golden(String name) throws IOException {
    Path file = folder.resolve(name);
    try (var in = TorchFileTest.class.getResourceAsStream("/golden/torch/" + name)) {
      Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
    }
    return file;
  }
}
