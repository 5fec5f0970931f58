package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSelectionTest {

  private static final FileSelection NEEDED = new FileSelection.Needed();

  @Test
  void prefersSafetensorsAndLeavesOtherCopies() throws HubException {
    assertThat(
            needed(
                "config.json",
                "consolidated.safetensors",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
                "onnx/model.onnx",
                "onnx/config.json",
                "pytorch_model-00001-of-00001.bin",
                "pytorch_model.bin.index.json",
                "q4.gguf",
                "tf_model.h5",
                "qwen.tiktoken",
                "tokenizer.json"))
        .containsExactly(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "qwen.tiktoken",
            "tokenizer.json");
    assertThat(needed("config.json", "model.safetensors", "model.fp16.safetensors"))
        .containsExactly("config.json", "model.safetensors");
    assertThat(needed("config.json", "weights.safetensors", "consolidated.safetensors"))
        .containsExactly("config.json", "weights.safetensors");
  }

  @Test
  void takesOtherFormsWhereTheyAreAllThereIs() throws HubException {
    assertThat(needed("config.json", "pytorch_model.bin", "q4.gguf"))
        .containsExactly("config.json", "pytorch_model.bin");
    assertThat(
            needed(
                "config.json",
                "pytorch_model.bin.index.json",
                "pytorch_model-00001-of-00001.bin",
                "training_args.bin"))
        .containsExactly(
            "config.json", "pytorch_model.bin.index.json", "pytorch_model-00001-of-00001.bin");
    assertThat(needed("README.md", "x.gguf")).containsExactly("x.gguf");
    assertThat(needed("q8/x-00001-of-00002.gguf", "q8/x-00002-of-00002.gguf"))
        .containsExactly("q8/x-00001-of-00002.gguf", "q8/x-00002-of-00002.gguf");
    assertThat(needed("adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"))
        .containsExactly("adapter_config.json", "adapter_model.safetensors");
  }

  @Test
  void asksWhichOfSeveralGgufModels() {
    assertThatThrownBy(() -> needed("x-Q4_K_M.gguf", "x-Q8_0.gguf"))
        .hasMessageContaining("2 GGUF models; choose one, such as x-Q4_K_M.gguf")
        .hasMessageContaining("x-Q8_0.gguf");
    assertThatThrownBy(() -> needed("README.md"))
        .hasMessageContaining("no safetensors, no pytorch_model.bin and no GGUF; it has README.md");
  }

  /// What Python's fnmatch.fnmatchcase says.
  @ParameterizedTest
  @CsvSource({
    "*.gguf, a/b.gguf, true",
    "*.gguf, a.GGUF, false",
    "model-0000[12]-*, model-00002-of-3, true",
    "model-0000[!12]-*, model-00002-of-3, false",
    "model-0000[!12]-*, model-00003-of-3, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "onnx/, onnx/x/y, true",
    "a.c, abc, false",
    "[, [, true",
    "a[]]b, a]b, true",
    "a[^b]c, a^c, true",
    "a+(b), a+(b), true",
  })
  void readsPatternsAsPythonDoes(String glob, String path, boolean matches) {
    assertThat(Glob.pattern(glob).matcher(path).matches()).isEqualTo(matches);
  }

  @Test
  void aPatternWithoutAFileIsAnError() {
    assertThatThrownBy(
            () -> new FileSelection.Matching(List.of("*.pt")).choose("org/name", List.of("a", "b")))
        .hasMessage("org/name: none of its 2 files matches *.pt; it has a, b");
  }

  private static List<String> needed(String... paths) throws HubException {
    return NEEDED.choose("org/name", List.of(paths));
  }
}
