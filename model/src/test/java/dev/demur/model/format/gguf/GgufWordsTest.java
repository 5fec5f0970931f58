package dev.demur.model.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.model.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a file does not say is refused, or is what published files leave out.
@Scoped
class GgufWordsTest {

  @TempDir Path folder;

  @Test
  void aFalconH1WithATiedUnembeddingIsRefused() {
    refuses(tiny("falcon-h1"), "has no output.weight");
  }

  @Test
  void aMistral3WhoseQueriesDoNotGrowIsALlama() throws IOException {
    try (var model = GgufFile.open(tiny("mistral3").write(folder.resolve("a.gguf")))) {
      assertThat(model.config().path("model_type").asString()).isEqualTo("llama");
    }
  }

  @Test
  void queriesThatGrowWithoutYarnAreRefused() {
    refuses(tiny("mistral3").pair("mistral3.attention.temperature_scale", 0.1f), "expected YaRN");
  }

  @Test
  void anApertusWithoutTheNumbersOfItsActivationIsRefused() {
    refuses(tiny("apertus"), "has no xielu.alpha_p");
  }

  private void refuses(GgufBytes bytes, String message) {
    assertThatThrownBy(() -> GgufFile.open(bytes.write(folder.resolve("a.gguf"))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private static GgufBytes tiny(String architecture) {
    return new GgufBytes()
        .pair("general.architecture", architecture)
        .pair(architecture + ".block_count", 1)
        .pair(architecture + ".embedding_length", 8)
        .pair(architecture + ".attention.head_count", 2)
        .floats("token_embd.weight", new float[7 * 8], 7, 8);
  }
}
