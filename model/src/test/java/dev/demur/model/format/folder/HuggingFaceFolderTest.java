package dev.demur.model.format.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Scoped
class HuggingFaceFolderTest {

  @TempDir Path folder;

  @BeforeEach
  void layOutAFolder() throws IOException {
    write("config.json", "{\"model_type\":\"llama\",\"torch_dtype\":\"bfloat16\"}");
    write("tokenizer.json", "{}");
    write("tokenizer_config.json", "{\"chat_template\":\"from config\"}");
    write("generation_config.json", "{\"eos_token_id\":[2,3]}");
    weights("model.safetensors", "a", "b");
  }

  @Test
  void readsEverythingAFolderSays() throws IOException {
    try (var model = HuggingFaceFolder.open(folder)) {
      assertThat(model.name()).isEqualTo(folder.getFileName().toString());
      assertThat(model.config().path("model_type").asString()).isEqualTo("llama");
      assertThat(model.generationConfig().path("eos_token_id")).hasSize(2);
      assertThat(model.chatTemplate()).hasValue("from config");
      assertThat(model.tokenizer()).isInstanceOf(TokenizerFiles.HuggingFace.class);
      assertThat(model.weights().names()).containsExactly("a", "b");
      assertThat(model.weights().info("a").type()).isEqualTo("F32");
      assertThat(model.weights().load("a", DType.BF16).shape()).containsExactly(2L, 3L);
      assertThat(model.weightsHash()).matches("[0-9a-f]{64}").isEqualTo(model.weightsHash());
      assertThatThrownBy(() -> model.weights().load("c", DType.F32))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("no tensor \"c\"");
      assertThatThrownBy(() -> model.weights().load("a", DType.F64))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void readsShardsByTheirIndex() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    weights("model-00001-of-00002.safetensors", "a");
    weights("model-00002-of-00002.safetensors", "b", "c");
    index("\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"");
    try (var model = HuggingFaceFolder.open(folder)) {
      assertThat(model.weights().names()).contains("a", "b");
      assertThat(model.weights().load("b", DType.F32).elements()).isEqualTo(6);
    }
  }

  @Test
  void namesMissingShards() throws IOException {
    index("\"a\":\"model.safetensors\",\"b\":\"other.safetensors\"");
    refuses("shards are missing (other.safetensors) of 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../model.safetensors", "/etc/passwd", "..", "x\\\\y", "C:x", "", "a\\u0000b"})
  void anIndexCannotLeadOutOfTheFolder(String shard) throws IOException {
    index("\"a\":\"" + shard + "\"");
    refuses("expected a file name without folders");
  }

  @Test
  void anIndexMustBeTrue() throws IOException {
    index("\"a\":\"model.safetensors\",\"z\":\"model.safetensors\"");
    refuses("does not hold tensor \"z\"");
    write("model.safetensors.index.json", "{\"weight_map\":[]}");
    refuses("has no object \"weight_map\"");
    write("model.safetensors.index.json", "[]");
    refuses("expected a JSON object");
  }

  @Test
  void readsShardsWithoutAnIndexAndLeavesAdaptersOut() throws IOException {
    Files.move(folder.resolve("model.safetensors"), folder.resolve("model-1.safetensors"));
    weights("model-2.safetensors", "c");
    weights("adapter_model.safetensors", "a");
    weights("consolidated.safetensors", "a");
    try (var model = HuggingFaceFolder.open(folder)) {
      assertThat(model.weights().names()).containsExactly("a", "b", "c");
    }
    weights("model-3.safetensors", "c");
    refuses("tensor \"c\" is also in");
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    refuses("fetch the weights");
    Files.delete(folder.resolve("tokenizer.json"));
    refuses("has no tokenizer.json");
    Files.delete(folder.resolve("config.json"));
    refuses("no such file");
    assertThatThrownBy(() -> HuggingFaceFolder.open(folder.resolve("none")))
        .hasMessageContaining("no such folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "{} {}", "[1]", "nul", "{\"a\":1e9x}"})
  void refusesAConfigThatIsNotAnObject(String text) throws IOException {
    write("config.json", text);
    refuses("config.json");
  }

  @Test
  void refusesJsonBeyondTheLimits() throws IOException {
    write("config.json", "{\"a\":".repeat(100_000));
    refuses("nesting depth");
    write("config.json", "{\"a\":" + "9".repeat(5000) + "}");
    refuses("umber");
  }

  @Test
  void aTemplateInItsOwnFileGoesFirst() throws IOException {
    write("chat_template.jinja", "own file\n");
    assertThat(chatTemplate()).isEqualTo("own file\n");
    Files.write(folder.resolve("chat_template.jinja"), new byte[] {-1});
    refuses("not UTF-8");
  }

  @Test
  void takesTheDefaultOfNamedTemplates() throws IOException {
    String other = "{\"name\":\"tool_use\",\"template\":\"other\"}";
    String named = "{\"name\":\"default\",\"template\":\"chosen\"}";
    write("tokenizer_config.json", "{\"chat_template\":[" + other + "," + named + "]}");
    assertThat(chatTemplate()).isEqualTo("chosen");
    write("tokenizer_config.json", "{\"chat_template\":[" + other + "]}");
    assertThat(chatTemplate()).isEqualTo("other");
    write("tokenizer_config.json", "{\"chat_template\":[" + other + "," + other + "]}");
    refuses("none of them named \"default\"");
  }

  @Test
  void aModelMayHaveNoTemplate() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\":null}");
    try (var model = HuggingFaceFolder.open(folder)) {
      assertThat(model.chatTemplate()).isEmpty();
    }
  }

  @Test
  void readsFloat8WithScales() throws IOException {
    try (var writer = SafetensorsWriter.create(folder.resolve("model.safetensors"))) {
      var weight = Tensor.gaussian(new Random(3), 5, 6).to(DType.F8_E4M3);
      for (String name : new String[] {"all", "rows", "blocks", "wrong", "none"}) {
        writer.write(name + ".weight", weight);
      }
      writer.write("all.weight_scale", Tensor.of(new float[] {0.5f}));
      writer.write("rows.weight_scale", Tensor.of(new float[] {1, 2, 3, 4, 5}, 5, 1));
      writer.write("blocks.weight_scale_inv", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
      writer.write("wrong.weight_scale", Tensor.of(new float[] {1, 2, 3}, 3));
      writer.finish();
      try (var model = HuggingFaceFolder.open(folder)) {
        var weights = model.weights();
        // A scale left among the names would have no place in any family.
        assertThat(weights.names()).allMatch(name -> name.endsWith(".weight"));
        var plain = weights.load("none.weight", DType.F32);
        assertThat(plain.toFloats()).containsExactly(weight.to(DType.F32).toFloats());
        assertThat(weights.load("all.weight", DType.F32).toFloats())
            .containsExactly(plain.times(0.5).toFloats());
        var perRow = Tensor.of(new float[] {1, 2, 3, 4, 5}, 5, 1);
        assertThat(weights.load("rows.weight", DType.F32).toFloats())
            .containsExactly(plain.times(perRow).toFloats());
        // Blocks of 4: rows 0-3 and 4, columns 0-3 and 4-5.
        var perBlock =
            Tensor.of(
                new float[] {
                  1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 3, 3, 3,
                  3, 4, 4
                },
                5,
                6);
        assertThat(weights.load("blocks.weight", DType.F32).toFloats())
            .containsExactly(plain.times(perBlock).toFloats());
        assertThat(weights.load("blocks.weight", DType.BF16).dtype()).isEqualTo(DType.BF16);
        assertThatThrownBy(() -> weights.load("wrong.weight", DType.F32))
            .isInstanceOf(ModelFormatException.class)
            .hasMessageContaining("does not scale");
      }
    }
  }

  /// Made by `tools/golden/torch_files.py`.
  @Test
  void unpacksExpertsInFourBitFloats() throws IOException {
    try (var in = getClass().getResourceAsStream("/golden/torch/mxfp4.safetensors")) {
      Files.copy(
          Objects.requireNonNull(in),
          folder.resolve("model.safetensors"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    try (var model = HuggingFaceFolder.open(folder)) {
      var weights = model.weights();
      assertThat(weights.names()).containsExactlyInAnyOrder("experts", "expected");
      assertThat(weights.info("experts").shape()).containsExactly(2L, 64L, 3L);
      assertThat(weights.load("experts", DType.F32).toFloats())
          .containsExactly(weights.load("expected", DType.F32).toFloats());
    }
  }

  private String chatTemplate() throws IOException {
    try (var model = HuggingFaceFolder.open(folder)) {
      return model.chatTemplate().orElseThrow();
    }
  }

  private void refuses(String expected) {
    assertThatThrownBy(() -> HuggingFaceFolder.open(folder).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  private void index(String entries) throws IOException {
    write("model.safetensors.index.json", "{\"weight_map\":{" + entries + "}}");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void weights(String file, String... names) throws IOException {
    try (var _ = Scope.open();
        var writer = SafetensorsWriter.create(folder.resolve(file), names.length)) {
      for (String name : names) {
        writer.write(name, Tensor.gaussian(new Random(1), 2, 3));
      }
      writer.finish();
    }
  }
}
