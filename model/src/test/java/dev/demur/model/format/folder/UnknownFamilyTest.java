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
          {"model_type": "rwkv"}       | model family "rwkv"; this version knows apertus,
          {"model_type": 3}            | model family 3; this version knows
          {}                           | is not named (no "model_type")
          {"model_type":"gemma3n"}     | keep several streams side by side
          {"model_type":"gemma3n"}     | keep several streams side by side
          {"model_type":"deepseek_v32"} | let an index choose the tokens
          """)
  void isRefusedBeforeAnythingElseIsMissed(String config, String said) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    assertThatThrownBy(() -> HuggingFaceFolder.open(folder))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }
}
