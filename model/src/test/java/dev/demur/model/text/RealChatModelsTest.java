package dev.demur.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.format.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Prompts of real models have the ids transformers gives them. The folder is named by
/// `-Ddemur.models=…`.
@Tag("real")
final class RealChatModelsTest {

  @TestFactory
  Stream<DynamicTest> agreeWithApplyChatTemplate() {
    String folder = System.getProperty("demur.models");
    assertThat(folder).as("name the models folder with -Ddemur.models=…").isNotNull();
    return ChatGoldens.models("real.json")
        .flatMap(model -> ChatGoldens.tests(model, format(Path.of(folder), model)));
  }

  private static PromptFormat format(Path folder, JsonNode model) {
    try (GgufFile file = GgufFile.open(folder.resolve(model.path("name").asString()))) {
      return PromptFormat.of(Tokenizer.of(file.tokenizer()), file.chatTemplate());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
