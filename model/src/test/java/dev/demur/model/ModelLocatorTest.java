package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufBytes;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hub.HubCache;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocatorTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;

  @Test
  void findsFoldersAndFiles() throws IOException {
    Path model = model(folder.resolve("model"));
    Path gguf = gguf(folder.resolve("m.gguf"));
    Path ggufFolder = Files.createDirectory(folder.resolve("only-gguf"));
    gguf(ggufFolder.resolve("x-00001-of-00001.gguf"));
    try (var found = locator().open(model.toString())) {
      assertThat(found).isInstanceOf(HuggingFaceFolder.class);
      assertThat(found.name()).isEqualTo("model");
    }
    try (var found = locator().open(gguf.toString())) {
      assertThat(found).isInstanceOf(GgufFile.class);
    }
    try (var found = locator().open(ggufFolder.toString())) {
      assertThat(found.name()).isEqualTo("x");
    }
    gguf(ggufFolder.resolve("y.gguf"));
    refuses(ggufFolder.toString(), "2 GGUF models; name one");
    refuses(Files.createDirectory(folder.resolve("empty")).toString(), "neither config.json nor");
    refuses(Files.createFile(folder.resolve("file")).toString(), "is not a model");
  }

  @Test
  void findsWhatTheHubCacheHolds() throws IOException {
    Path entry = folder.resolve("cache/models--org--name");
    model(Files.createDirectories(entry.resolve("snapshots")).resolve(COMMIT));
    Files.createDirectories(entry.resolve("refs/refs/pr"));
    Files.writeString(entry.resolve("refs/main"), COMMIT + "\n");
    Files.writeString(entry.resolve("refs/refs/pr/1"), COMMIT);
    Files.writeString(entry.resolve("refs/bad"), "../../..");
    Files.writeString(entry.resolve("refs/gone"), COMMIT.replace('0', 'f'));
    for (String id :
        new String[] {"org/name", "org/name@main", "org/name@" + COMMIT, "org/name@refs/pr/1"}) {
      try (var found = locator().open(id)) {
        assertThat(found.name()).isEqualTo(id);
      }
    }
    refuses("org/name@other", "no revision \"other\"");
    refuses("org/name@../refs/main/../../../x", "no revision");
    refuses("org/name@bad", "no commit id");
    refuses("org/name@gone", "no such snapshot");
    refuses("org/other", "is not in the hub cache; fetch it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "a/b/c", "../x/..", "/no/such", "x/y.gguf", "", "a/-b", "\0"})
  void saysWhatAModelCanBe(String model) {
    refuses(model, "nor org/name[@revision]");
  }

  @Test
  void theEnvironmentNamesTheCache() {
    Path home = folder;
    assertThat(HubCache.of(Map.of(), home).root())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(HubCache.of(Map.of("HF_HOME", "/h"), home).root()).isEqualTo(Path.of("/h/hub"));
    assertThat(HubCache.of(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c"), home).root())
        .isEqualTo(Path.of("/c"));
    assertThat(HubCache.of(Map.of("HF_HUB_CACHE", " "), home).root())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  private ModelLocator locator() {
    return new ModelLocator(new HubCache(folder.resolve("cache")));
  }

  private void refuses(String model, String expected) {
    assertThatThrownBy(() -> locator().open(model).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(expected);
  }

  private static Path model(Path folder) throws IOException {
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    try (var _ = Scope.open();
        var writer = SafetensorsWriter.create(folder.resolve("model.safetensors"))) {
      writer.write("a", Tensor.zeros(DType.F32, 2));
      writer.finish();
    }
    return folder;
  }

  private static Path gguf(Path file) throws IOException {
    return new GgufBytes().pair("general.architecture", "llama").write(file);
  }
}
