package dev.demur.model.format.folder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nobody should be told to fetch the weights of a model that is then refused (finding B5).
class UnknownFamilyTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model_type": "qwen3_next"} | model family "qwen3_next"; this version knows cohere2,
          {"model_type": 3}            | model family 3; this version knows
          {}                           | is not named (no "model_type")
          """)
  void isRefusedBeforeAnythingElseIsMissed(String config, String said) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    assertThatThrownBy(() -> HuggingFaceFolder.open(folder))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }
}
