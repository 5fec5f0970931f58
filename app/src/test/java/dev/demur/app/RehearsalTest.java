package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

  @Test
  void itsStudyFindsTheDirectionItsChatIsSteeredBy(@TempDir Path folder) throws IOException {
    Rehearsal.main(new String[] {folder.toString()});
    assertThat(folder.resolve("run").resolve("direction.safetensors")).isNotEmptyFile();
  }
}
