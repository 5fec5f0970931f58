package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.paper.PaperTokens;
import dev.demur.model.ModelLocator;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The paper's refusal tokens are taken where a vocabulary has them, and nowhere else.
class PaperTokensTest {

  @Test
  void aVocabularyWithoutThemHasNone() throws IOException {
    try (var tokenizer = Tokenizer.of(ModelLocator.ofEnvironment().open("demo").tokenizer())) {
      assertThat(PaperTokens.of("llama", tokenizer)).isEmpty();
      assertThat(PaperTokens.of("qwen2", tokenizer)).isEmpty();
    }
  }

  /// Qwen2.5 kept the vocabulary of Qwen.
  @Test
  @Tag("real")
  void laterQwenModelsHaveThoseOfQwen() throws IOException {
    Path file = RealFolders.models().resolve("Qwen2.5-Coder-1.5B-Instruct.gguf");
    try (var tokenizer = Tokenizer.of(RealFolders.open(file).tokenizer())) {
      assertThat(PaperTokens.of("qwen2", tokenizer).map(PaperTokens::ids))
          .hasValue(List.of(40, 2121));
      assertThat(PaperTokens.of("gemma", tokenizer)).isEmpty();
    }
  }
}
