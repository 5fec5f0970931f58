package dev.demur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Ids that are no rows of the embedding are bad input, said with file and key (finding B6).
@Scoped
class TokenChecksTest {

  private static final Path SOURCE = Checkpoints.named("llama-mha-untied");

  private static final String NAME = "gguf-llama-f32/model.gguf";

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    for (String name :
        List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "model.safetensors")) {
      Files.copy(SOURCE.resolve(name), folder.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config.json            | 1000000000000
          config.json            | [1, 99999]
          config.json            | "two"
          generation_config.json | -1
          generation_config.json | [1000000000000]
          """)
  void anEosOutsideTheEmbeddingIsRefused(String file, String eos) throws IOException {
    var json = BoundedJson.readObject(folder.resolve(file));
    json.set(
        "eos_token_id", BoundedJson.parse(Path.of(file), eos.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(folder.resolve(file), json.toString());
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file)
        .hasMessageContaining("eos_token_id")
        .hasMessageContaining("the rows of the embedding")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anEosOutsideTheEmbeddingOfAGgufIsRefused() throws IOException {
    byte[] key = "tokenizer.ggml.eos_token_id".getBytes(StandardCharsets.UTF_8);
    byte[] file = Files.readAllBytes(SOURCE.resolveSibling(NAME));
    int at = indexOf(file, key) + key.length + 4; // behind the name stands the type
    Arrays.fill(file, at, at + 4, (byte) 0xFF);
    try (var sound = ChatModel.load(SOURCE.resolveSibling(NAME).toString(), DTypeChoice.F32)) {
      assertThat(sound.stopTokens()).isNotEmpty();
    }
    Path gguf = Files.write(folder.resolve("model.gguf"), file);
    assertThatThrownBy(() -> ChatModel.load(gguf.toString(), DTypeChoice.F32))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.gguf")
        .hasMessageContaining("tokenizer.ggml.eos_token_id")
        .hasMessageContaining("4294967295");
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  @Test
  void aTokenOfTextOutsideTheEmbeddingIsRefused() throws IOException {
    var json = tokenizer();
    ((ObjectNode) json.path("model").path("vocab")).put("zz", 40_000);
    Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining("\"zz\" is 40000");
  }

  /// A padding token somebody added and nobody uses.
  @Test
  void aSpecialTokenOutsideIsRefusedWhereItIsUsed() throws IOException {
    var json = tokenizer();
    json.withArray("added_tokens")
        .addObject()
        .put("id", 40_000)
        .put("content", "[PAD]")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    try (var model = load()) {
      assertThat(model.stopTokens()).isNotEmpty();
      var ids = model.tokenizer().encode("a[PAD]");
      assertThatThrownBy(() -> model.forward().lastLogits(List.of(ids), HookPlan.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no row in the embedding");
      assertThatThrownBy(() -> model.forward().lastLogits(List.of(one()), HookPlan.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no row in the embedding");
    }
  }

  private static TokenIds one() {
    return TokenIds.of(40_000);
  }

  private ObjectNode tokenizer() throws IOException {
    return BoundedJson.readObject(folder.resolve("tokenizer.json"));
  }

  private ChatModel load() throws IOException {
    return ChatModel.load(folder.toString(), DTypeChoice.F32);
  }
}
