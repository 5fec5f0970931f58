package dev.demur.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.gguf.GgufFamilies;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Needs `-Ddemur.models=FOLDER` with the models `shared/models/get-models.sh` builds.
@Tag("real")
class RealGgufTest {

  @ParameterizedTest
  @ValueSource(strings = {"SmolLM2-135M-Instruct.Q4_1", "Qwen2.5-Coder-1.5B-Instruct"})
  void everyTensorEqualsWhatTheGgufPackageReads(String name) throws IOException {
    Path folder =
        Path.of(Objects.requireNonNull(System.getProperty("demur.models"), "demur.models"));
    Path file = folder.resolve(name + ".gguf");
    try (var model = GgufFile.open(file);
        var raw = Gguf.open(file)) {
      String architecture = raw.metadata().string("general.architecture").orElseThrow();
      var family = GgufFamilies.of(architecture, raw.metadata());
      for (String line : golden(name).lines().toList()) {
        String[] parts = line.split(" ");
        String hfName = family.hfName(parts[0]).orElseThrow();
        try (var _ = Scope.open()) {
          var crc = new CRC32();
          var tensor = model.weights().load(hfName, DType.F32);
          crc.update(tensor.segment().asByteBuffer());
          assertThat(HexFormat.of().toHexDigits((int) crc.getValue()))
              .as("%s, see tools/golden/gguf_models.py", hfName)
              .isEqualTo(parts[1]);
        }
      }
    }
  }

  private static String golden(String name) throws IOException {
    try (var in = RealGgufTest.class.getResourceAsStream("/golden/gguf/" + name + ".crc32")) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
